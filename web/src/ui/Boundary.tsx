/** Says so when a view fails, in place of an empty page. What people wrote is safe: the engine keeps it. */
import { Component, type ReactNode } from "react";
import { sentence } from "../shared/sentences";
import { Button } from "./Button";

interface BoundaryState {
  error?: unknown;
}

export class Boundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = {};

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <main role="alert" className="mx-auto flex min-h-full max-w-[25rem] flex-col justify-center px-5">
        <h1 className="text-[1.2rem] font-semibold tracking-tight">The page has stumbled.</h1>
        <p className="mt-2 text-soft">
          What you wrote is kept on this device. Load the page again to go on. {sentence(this.state.error)}
        </p>
        <Button kind="primary" className="mt-6 self-start" onClick={() => location.reload()}>
          Load again
        </Button>
      </main>
    );
  }
}
