/** Questions to a page about its call: which pictures and sounds there are, and what is left over. */

export interface Probe {
  /** The average colour of the picture in a tile; none where no picture is on show. */
  color(tile: string): [red: number, green: number, blue: number] | undefined;
  /** How many frames were shown in a tile since this was asked first. */
  frames(tile: string): number;
  size(tile: string): { width: number; height: number } | undefined;
  /** How loud the page plays a tone, in decibels of full scale, all sounds together. */
  loudness(tone: number): Promise<number>;
  left(): Left;
  /** Ends all screen shares as the browser's own bar does. */
  endShares(): void;
}

/** Things that were made and not ended. */
export interface Left {
  /** Connections of all kinds. */
  connections: number;
  /** Connections with media. */
  calls: number;
  /** Own tracks of cameras and screens. */
  cameras: number;
  microphones: number;
  /** Elements that show or play a stream. */
  elements: number;
}

export type Question = readonly [what: keyof Probe, values: readonly unknown[]];

declare global {
  var coveyProbe: Probe;
}

/** Runs in the page. */
export function answer([what, values]: Question): unknown {
  const probe = globalThis.coveyProbe as unknown as Record<string, (...all: unknown[]) => unknown>;
  return probe[what]?.(...values);
}

/** Runs in the page before its own scripts. Microphones are opened without processing, which takes tones for noise. */
export function installProbe(): void {
  const elements = new Set<HTMLMediaElement>();
  const tracks = new Set<MediaStreamTrack>();
  const shares = new Set<MediaStreamTrack>();
  const counts = new WeakMap<HTMLVideoElement, number>();
  /** With their sources, which nothing else keeps. */
  const analysers = new WeakMap<MediaStreamTrack, [AnalyserNode, AudioNode]>();
  let context: AudioContext | undefined;

  watchElements();
  watchDevices();
  globalThis.coveyProbe = {
    color: (tile) => average(videoIn(tile)),
    frames: (tile) => counted(videoIn(tile)),
    size: (tile) => {
      const video = videoIn(tile);
      return video && { width: video.videoWidth, height: video.videoHeight };
    },
    loudness,
    left,
    endShares: () => {
      for (const track of shares) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
    },
  };

  function watchElements(): void {
    const native = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
    Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
      ...native,
      set(this: HTMLMediaElement, stream: MediaProvider | null) {
        elements.add(this);
        native?.set?.call(this, stream);
      },
    });
  }

  function watchDevices(): void {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    const share = mediaDevices.getDisplayMedia.bind(mediaDevices);
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    mediaDevices.getUserMedia = async (wanted = {}) => {
      const { audio = false } = wanted;
      const settings = audio === true ? plain : audio && { ...audio, ...plain };
      const stream = await open({ ...wanted, audio: settings });
      stream.getTracks().forEach(own);
      return stream;
    };
    mediaDevices.getDisplayMedia = async (wanted) => {
      const stream = await share(wanted);
      for (const track of stream.getTracks()) shares.add(own(track));
      return stream;
    };
  }

  function own(track: MediaStreamTrack): MediaStreamTrack {
    tracks.add(track);
    const clone = track.clone.bind(track);
    track.clone = () => own(clone());
    return track;
  }

  function nameOf(element: Element): string | null {
    const by = element.getAttribute("aria-labelledby");
    const label = by === null ? null : document.getElementById(by);
    return label ? label.textContent : element.getAttribute("aria-label");
  }

  function videoIn(tile: string): HTMLVideoElement | undefined {
    const tiles = [...document.querySelectorAll('section[aria-label="Call"] [role="group"]')];
    const videos = tiles
      .filter((each) => nameOf(each) === tile)
      .flatMap((each) => [...each.querySelectorAll("video")]);
    return videos.find(
      (video) =>
        video.srcObject !== null &&
        video.videoWidth > 0 &&
        video.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
    );
  }

  function average(video: HTMLVideoElement | undefined): [number, number, number] | undefined {
    if (!video) return undefined;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 16;
    const paper = canvas.getContext("2d");
    if (!paper) throw new Error("there is no canvas");
    paper.drawImage(video, 0, 0, 16, 16);
    const { data } = paper.getImageData(0, 0, 16, 16);
    const mean = (of: number) =>
      data.reduce((sum, value, at) => sum + (at % 4 === of ? value : 0), 0) / (data.length / 4);
    return [mean(0), mean(1), mean(2)];
  }

  function counted(video: HTMLVideoElement | undefined): number {
    if (!video) return 0;
    const count = counts.get(video);
    if (count !== undefined) return count;
    const one = () => {
      counts.set(video, (counts.get(video) ?? 0) + 1);
      video.requestVideoFrameCallback(one);
    };
    counts.set(video, 0);
    video.requestVideoFrameCallback(one);
    return 0;
  }

  async function loudness(tone: number): Promise<number> {
    const sounds = [...elements]
      .filter((element) => !element.paused && !element.muted && element.volume > 0)
      .flatMap(({ srcObject }) => (srcObject as MediaStream | null)?.getAudioTracks() ?? []);
    const running = await isRunning();
    const all = sounds.map((track) =>
      running ? Promise.resolve(strength(track, tone)) : recorded(track, tone),
    );
    return Math.max(-Infinity, ...(await Promise.all(all)));
  }

  /** Firefox has contexts run only where the machine has a loudspeaker. */
  function isRunning(): Promise<boolean> {
    context ??= new AudioContext();
    const resumed = context.resume().then(() => true);
    return Promise.race([resumed, later(1_000).then(() => false)]);
  }

  function later(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** How loud a tone is in the next half second of a track. */
  async function recorded(track: MediaStreamTrack, tone: number): Promise<number> {
    const recorder = new MediaRecorder(new MediaStream([track]));
    const parts: Blob[] = [];
    const done = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start();
    await later(500);
    recorder.stop();
    await done;
    const decoder = new OfflineAudioContext(1, 1, 48_000);
    const sound = await decoder.decodeAudioData(await new Blob(parts).arrayBuffer());
    const samples = sound.getChannelData(0);
    let [real, imaginary] = [0, 0];
    samples.forEach((sample, at) => {
      const phase = (2 * Math.PI * tone * at) / sound.sampleRate;
      real += sample * Math.cos(phase);
      imaginary += sample * Math.sin(phase);
    });
    return 20 * Math.log10(Math.hypot(real, imaginary) / samples.length);
  }

  function strength(track: MediaStreamTrack, tone: number): number {
    const [analyser] = analysers.get(track) ?? listen(track);
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const at = Math.round((tone * analyser.fftSize) / analyser.context.sampleRate);
    return Math.max(...bins.subarray(at - 1, at + 2));
  }

  function listen(track: MediaStreamTrack): [AnalyserNode, AudioNode] {
    context ??= new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    const mediaStream = new MediaStream([track]);
    const source = new MediaStreamAudioSourceNode(context, { mediaStream });
    source.connect(analyser);
    analysers.set(track, [analyser, source]);
    return [analyser, source];
  }

  function left(): Left {
    const open = globalThis.coveyPeers.filter(({ signalingState }) => signalingState !== "closed");
    const live = (kind: string) =>
      [...tracks].filter((track) => track.kind === kind && track.readyState === "live").length;
    const streams = ({ srcObject }: HTMLMediaElement) =>
      (srcObject as MediaStream | null)?.getTracks() ?? [];
    const inUse = (element: HTMLMediaElement) =>
      element.srcObject !== null &&
      (element.isConnected ||
        !element.paused ||
        streams(element).some(({ readyState }) => readyState === "live"));
    return {
      connections: open.length,
      calls: open.filter((peer) => peer.getTransceivers().length > 0).length,
      cameras: live("video"),
      microphones: live("audio"),
      elements: [...elements].filter(inUse).length,
    };
  }
}
