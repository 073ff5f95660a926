/** Draws the tiles of a call into one picture. */
import type { Call } from "../../../engine";
import { inkOn } from "../../../shared/color";
import { initial } from "../../../shared/format";
import type { Somebody } from "../names";
import { SPEECH } from "../own/meter";
import type { Box, Rect } from "../tiles/grid";
import type { Tile } from "../tiles/tiles";
import { fitted, sceneOf, type Place } from "./scene";

const EDGE = 8;
const FONT = '"Inter", system-ui, sans-serif';

export class Painter {
  readonly canvas = document.createElement("canvas");
  private readonly pen: CanvasRenderingContext2D;
  /** Not in the page: they feed the picture only. */
  private readonly videos = new Map<string, HTMLVideoElement>();
  private places: readonly Place[] = [];

  constructor(
    private readonly call: Call,
    private readonly somebody: (member: string) => Somebody,
    private readonly size: Box,
  ) {
    Object.assign(this.canvas, size);
    const pen = this.canvas.getContext("2d", { alpha: false });
    if (!pen) throw new Error("no canvas");
    this.pen = pen;
  }

  /** Where each tile stands, in pixels of the picture. */
  arrange(tiles: readonly Tile[]): readonly Place[] {
    this.places = sceneOf(tiles, this.size, tiles.length > 1 ? EDGE : 0);
    const streams = new Map(
      tiles.flatMap((tile) => {
        const stream = this.streamOf(tile);
        return stream ? [[tile.id, stream] as const] : [];
      }),
    );
    for (const id of [...this.videos.keys()]) if (!streams.has(id)) this.end(id);
    for (const [id, stream] of streams) this.play(id, stream);
    return this.places;
  }

  draw(): void {
    this.pen.fillStyle = "#0d0f10";
    this.pen.fillRect(0, 0, this.size.width, this.size.height);
    for (const place of this.places) this.drawTile(place);
  }

  close(): void {
    for (const id of [...this.videos.keys()]) this.end(id);
  }

  private streamOf({ attendee, source }: Tile): MediaStream | undefined {
    const sends = source === "camera" ? attendee.camera : attendee.screen;
    return sends ? this.call.stream(attendee.client, source) : undefined;
  }

  private play(id: string, stream: MediaStream): void {
    const known = this.videos.get(id);
    if (known?.srcObject === stream) return;
    this.end(id);
    const video = document.createElement("video");
    Object.assign(video, { muted: true, playsInline: true, srcObject: stream });
    video.play().catch(() => undefined);
    this.videos.set(id, video);
  }

  private end(id: string): void {
    const video = this.videos.get(id);
    if (!video) return;
    video.srcObject = null;
    this.videos.delete(id);
  }

  private drawTile({ tile, rect }: Place): void {
    const { pen } = this;
    const { client, member } = tile.attendee;
    const { name, color } = this.somebody(member);
    pen.save();
    this.trace(rect, 0);
    pen.clip();
    pen.fillStyle = tile.source === "screen" ? "#000" : "#23292b";
    pen.fillRect(rect.x, rect.y, rect.width, rect.height);
    if (!this.drawPicture(tile, rect) && tile.source === "camera") this.drawFace(name, color, rect);
    pen.restore();
    this.drawName(tile.source === "screen" ? `${name}’s screen` : name, rect);
    if (tile.source === "camera" && tile.attendee.microphone === "on" && this.call.level(client) > SPEECH) {
      this.trace(rect, 2);
      pen.lineWidth = 4;
      pen.strokeStyle = "#4fd1a5";
      pen.stroke();
    }
  }

  private drawPicture({ id, source }: Tile, rect: Rect): boolean {
    const video = this.videos.get(id);
    if (!video || video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA)
      return false;
    const picture = { width: video.videoWidth, height: video.videoHeight };
    const { from, to } = fitted(picture, rect, source === "screen");
    this.pen.drawImage(
      video,
      ...([from.x, from.y, from.width, from.height] as const),
      ...([to.x, to.y, to.width, to.height] as const),
    );
    return true;
  }

  private drawFace(name: string, color: string, { x, y, width, height }: Rect): void {
    const { pen } = this;
    const radius = Math.min(width, height) * 0.22;
    const [middle, centre] = [x + width / 2, y + height / 2];
    pen.fillStyle = color;
    pen.beginPath();
    pen.arc(middle, centre, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = inkOn(color);
    pen.font = `600 ${Math.round(radius * 0.9)}px ${FONT}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(initial(name), middle, centre + radius * 0.05);
  }

  private drawName(name: string, { x, y, width, height }: Rect): void {
    const { pen } = this;
    const letters = Math.max(12, Math.min(20, Math.round(height * 0.06)));
    const [pad, high] = [letters * 0.6, letters * 1.6];
    pen.font = `500 ${letters}px ${FONT}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    const most = width - 4 * pad;
    const wide = Math.min(most, pen.measureText(name).width);
    if (wide <= 0) return;
    pen.fillStyle = "rgb(13 15 16 / 0.72)";
    pen.beginPath();
    pen.roundRect(x + pad, y + height - high - pad, wide + 2 * pad, high, letters * 0.4);
    pen.fill();
    pen.fillStyle = "#fff";
    pen.fillText(name, x + 2 * pad, y + height - pad - high / 2, most);
  }

  private trace({ x, y, width, height }: Rect, inset: number): void {
    this.pen.beginPath();
    this.pen.roundRect(x + inset, y + inset, width - 2 * inset, height - 2 * inset, 10);
  }
}
