/** What the tests use of the generated module; `cargo xtask` builds it. */
declare module "covey-echo" {
  export default function init(): Promise<unknown>;

  export class EchoPeer {
    id(): string;
    reserve(node: string): Promise<string>;
    dial(address: string): Promise<void>;
    open(peer: string): Promise<EchoStream>;
    paths(peer: string): string[];
    served(): string[];
    hangup(peer: string): void;
  }

  export class MeshPeer {
    constructor(node: string);
    id(): string;
    reserved(): boolean;
    dial(seat: string): void;
    hangup(seat: string): void;
    send(seat: string): void;
    frames(): number;
    path(seat: string): string | undefined;
    connections(seat: string): number;
  }

  export function diskScenarios(
    refuse: (refuses: boolean) => void,
    tell: (name: string, wrong: string | undefined) => void,
  ): Promise<void>;

  export class EchoStream {
    write(bytes: Uint8Array): Promise<void>;
    read(): Promise<Uint8Array | undefined>;
    close(): Promise<void>;
    drop(): void;
  }
}
