/** One room's call on this page: who is in it, what this page sends, and what it plays. It goes on while hidden. */
import { toast } from "sonner";
import { createStore, type StoreApi } from "zustand";
import type { Attendee, Call, CallRequest } from "../../engine";
import { mayUse, type Rights } from "../../session/rights";
import { perRoom, type RoomSession } from "../../session/session";
import { apart } from "../../shared/names";
import { sentence } from "../../shared/sentences";
import { Levels } from "./levels";
import { MutedSpeech } from "./mutedSpeech";
import { somebody } from "./names";
import { choices, onChoice } from "./own/choices";
import { Own } from "./own/own";
import { Reactions } from "./reactions";
import { recordingNews } from "./recording/news";
import { Recorder } from "./recording/recorder";
import { Sound } from "./sound";
import { AT_FIRST, OUTSIDE, type CallState } from "./state";
import { Sights } from "./tiles/sights";
import type { Arrangement } from "./tiles/tiles";
import { recordingTold, requestDone } from "./words";

/** How long the page says that somebody who talks is muted, in milliseconds. */
const TELLING = 6_000;
/** A call that nobody was in for this long is over, in milliseconds. */
const CALL_OVER = 30_000;

export class RoomCall {
  readonly state: StoreApi<CallState> = createStore<CallState>()(() => AT_FIRST);
  readonly own = new Own({
    changed: (source, track) => {
      this.call?.setTrack(source, track);
    },
    told: (sentence) => toast.warning(sentence, { id: sentence }),
  });
  readonly sound = new Sound();
  readonly reactions = new Reactions();
  readonly sights = new Sights((shown) => this.call?.show(shown));
  readonly recorder = new Recorder({
    state: this.state,
    sights: this.sights,
    somebody: (member) => somebody(this.session.person(member)),
  });
  levels: Levels | undefined;
  private readonly mutedSpeech = new MutedSpeech();
  private forgetting: ReturnType<typeof setTimeout> | undefined;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private readonly stops: (() => void)[];
  private closed = false;

  constructor(private readonly session: RoomSession) {
    this.stops = [
      session.state.subscribe(({ rights }, before) => {
        if (rights !== before.rights) this.limit(rights);
      }),
    ];
    void this.open();
  }

  private get call(): Call | undefined {
    return this.state.getState().call;
  }

  /** This page's own, while it takes part. */
  private get client(): number | undefined {
    return this.state.getState().attendees.find(({ self }) => self)?.client;
  }

  /** With whatever devices are on. */
  join(): void {
    const { call, muted } = this.state.getState();
    if (!call || call.joined) return;
    call.setMuted(muted);
    call.join();
    this.changed(call);
  }

  leave(): void {
    this.call?.leave();
    this.ended();
  }

  setMuted(muted: boolean): void {
    this.state.setState({ muted, talking: false, talksMuted: false });
    this.mutedSpeech.restart();
    this.call?.setMuted(muted);
    if (muted || this.own.track("microphone")) return;
    // Never turned on, or unplugged.
    void this.own.start("microphone");
  }

  /** Heard until it is taken back, in spite of being muted. */
  talk(talking: boolean): void {
    const state = this.state.getState();
    if (!state.joined || !state.muted || state.talking === talking) return;
    this.state.setState({ talking, talksMuted: false });
    this.call?.setMuted(!talking);
  }

  setHand(hand: boolean): void {
    this.state.setState({ hand });
    this.call?.setHand(hand);
  }

  react(emoji: string): void {
    this.call?.react(emoji);
    if (this.client !== undefined) this.reactions.add(this.client, emoji);
  }

  ask(client: number, request: CallRequest): void {
    this.call?.ask(client, request);
  }

  pin(tile: string | undefined): void {
    this.state.setState({ pinned: tile });
  }

  arrange(arrangement: Arrangement): void {
    this.state.setState({ arrangement, pinned: undefined });
  }

  /** The room is left. */
  close(): void {
    this.closed = true;
    for (const stop of this.stops) stop();
    if (this.call?.joined) this.call.leave();
    this.levels?.stop();
    clearTimeout(this.telling);
    clearTimeout(this.forgetting);
    void this.recorder.stop();
    this.own.close();
    this.sound.close();
    this.sights.close();
    this.reactions.clear();
  }

  /** Gets the call from the engine; another time after it could not be had. */
  async open(): Promise<void> {
    this.state.setState({ problem: undefined });
    try {
      const call = await this.session.room.call();
      if (this.closed) return;
      this.levels = new Levels(call, {
        speaker: (speaker) => {
          if (speaker !== this.state.getState().speaker) this.state.setState({ speaker });
        },
        beat: () => this.beat(),
      });
      this.stops.push(
        call.on("changed", () => this.changed(call)),
        call.on("streams", () => this.streamsChanged(call)),
        call.on("reaction", ({ client, text }) => {
          // The own one floats already.
          if (client !== this.client) this.reactions.add(client, text);
        }),
        call.on("asked", ({ client, request }) => this.asked(client, request)),
        onChoice(() => call.setSaving(choices().saving === true)),
      );
      call.setSaving(choices().saving === true);
      this.state.setState({ call });
      this.changed(call);
    } catch (error) {
      if (!this.closed) this.state.setState({ problem: sentence(error) });
    }
  }

  /** A source that one may not send is not even recorded. */
  private limit(rights: Rights): void {
    if (!mayUse(rights, "screen")) this.own.stop("screen");
    if (mayUse(rights, "call")) return;
    this.own.stop("microphone");
    this.own.stop("camera");
  }

  private changed(call: Call): void {
    const { joined, attendees: before } = this.state.getState();
    this.state.setState({ attendees: [...call.attendees], joined: call.joined });
    if (call.joined && joined) this.tellRecordings(before, call.attendees);
    this.sound.update(call);
    this.callChanged(call);
    if (call.joined && !joined) {
      this.levels?.start();
      this.sights.again();
    }
    // Such as by a moderator, or because the right was taken away.
    if (!call.joined && joined) this.ended();
  }

  private streamsChanged(call: Call): void {
    this.sound.update(call);
    this.state.setState(({ streams }) => ({ streams: streams + 1 }));
  }

  /** Nothing of this page goes out any more: cameras go dark. */
  private ended(): void {
    void this.recorder.stop();
    this.own.stopAll();
    this.sound.silence();
    this.levels?.stop();
    this.reactions.clear();
    this.call?.setMuted(false);
    this.state.setState({ ...OUTSIDE, attendees: [...(this.call?.attendees ?? [])] });
  }

  private asked(client: number, request: CallRequest): void {
    const person = this.session.personBehind(client);
    if (request === "mute") this.setMuted(true);
    if (request === "stop-share") this.own.stop("screen");
    const id = `call ${request} ${person?.id ?? client}`;
    toast.info(requestDone[request](apart(somebody(person).name)), { id });
  }

  /** A person who was told of a call is told of the next one, and not again when somebody was away for a moment. */
  private callChanged({ attendees, joined }: Call): void {
    if (joined) this.state.setState({ noticed: true });
    if (attendees.length > 0) {
      clearTimeout(this.forgetting);
      this.forgetting = undefined;
    } else this.forgetting ??= setTimeout(() => this.state.setState({ noticed: false }), CALL_OVER);
  }

  private tellRecordings(before: readonly Attendee[], after: readonly Attendee[]): void {
    const { began, ended } = recordingNews(before, after);
    const tell = ({ member }: Attendee, told: (name: string) => string) =>
      toast.info(told(apart(somebody(this.session.person(member)).name)), { id: `call recording ${member}` });
    for (const each of began) tell(each, recordingTold.began);
    for (const each of ended) tell(each, recordingTold.ended);
  }

  private beat(): void {
    const { call, muted, talking, hidden } = this.state.getState();
    const { client } = this;
    if (!call || client === undefined || !muted || talking) return;
    if (!this.mutedSpeech.heard(call.level(client))) return;
    if (hidden) toast("You are muted. Nobody hears you.", { id: "muted", action: this.unmuting });
    this.state.setState({ talksMuted: true });
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.state.setState({ talksMuted: false }), TELLING);
  }

  private readonly unmuting = { label: "Unmute", onClick: () => this.setMuted(false) };
}

/** The one call of a room. */
export const roomCall = perRoom(
  (session) => new RoomCall(session),
  (call) => call.close(),
);
