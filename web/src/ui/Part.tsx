/** A part of the page that is fetched when it is needed. A part that can't be fetched says so in its own place. */
import {
  Component,
  lazy,
  Suspense,
  useState,
  type ComponentType,
  type FunctionComponent,
  type ReactNode,
} from "react";
import { Unfetched } from "../shared/fetching";
import { sentence } from "../shared/sentences";
import { Button } from "./Button";
import { Notice } from "./Notice";

interface Look<P> {
  /** Begins a sentence: “The board”. */
  name: string;
  /** Shown while it is loading. */
  waiting?: ReactNode;
  /** Wraps the notice of a failure, or replaces it where there is no room for a notice. */
  frame?: (said: ReactNode, props: P, again: () => void) => ReactNode;
}

export function part<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  { name, waiting = null, frame = padded }: Look<P>,
): FunctionComponent<P> {
  // React keeps a failure for good. So after one, the next use of the part begins anew.
  let loaded = lazy(load);
  const anew = () => (loaded = lazy(load));
  return function Part(props: P) {
    const [{ Loaded, attempt }, setLoaded] = useState({ Loaded: loaded, attempt: 0 });
    const again = () => setLoaded({ Loaded: anew(), attempt: attempt + 1 });
    return (
      <Fence
        key={attempt}
        failed={(error) => frame(<Failed name={name} error={error} onAgain={again} />, props, again)}
        onFailed={anew}
      >
        <Suspense fallback={waiting}>
          <Loaded {...props} />
        </Suspense>
      </Fence>
    );
  };
}

interface FenceProps {
  failed: (error: unknown) => ReactNode;
  onFailed: () => void;
  children: ReactNode;
}

/** Keeps a failure inside of the part. */
class Fence extends Component<FenceProps, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override componentDidCatch(): void {
    this.props.onFailed();
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : this.props.failed(error);
  }
}

interface FailedProps {
  name: string;
  error: unknown;
  onAgain: () => void;
}

/** Says why a part is not there, and has a button for what helps. */
export function Failed({ name, error, onAgain }: FailedProps) {
  const why = error instanceof Unfetched ? error.why : undefined;
  const wholly = why === "updated" || why === "stuck";
  return (
    <Notice tone="warn" alert>
      <p>{why === undefined ? `${name} stopped. ${sentence(error)}` : reasons[why](name)}</p>
      <Button small className="mt-2" onClick={wholly ? () => location.reload() : onAgain}>
        {wholly ? "Load the page again" : "Load again"}
      </Button>
    </Notice>
  );
}

const reasons: Record<Unfetched["why"], (name: string) => string> = {
  away: (name) => `${name} could not be loaded. Perhaps the connection is away for a moment.`,
  updated: (name) =>
    `${name} can’t be loaded: Covey was updated since this page was opened. What you wrote is kept on this device.`,
  stuck: (name) =>
    `${name} could not be loaded, and only the whole page can be tried again. What you wrote is kept on this device.`,
};

function padded(said: ReactNode): ReactNode {
  return <div className="p-5">{said}</div>;
}
