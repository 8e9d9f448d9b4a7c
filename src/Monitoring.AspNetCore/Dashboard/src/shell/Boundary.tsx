import { Component, type ComponentChildren } from "preact";

/** Keeps what goes wrong within a page there: the header goes on saying how the service is. */
export class Boundary extends Component<{ children: ComponentChildren }, { failure: Error | null }> {
  override state = { failure: null as Error | null };

  override componentDidCatch(failure: Error): void {
    console.error(failure);
    this.setState({ failure });
  }

  override render() {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    return (
      <div class="empty" role="alert">
        <p>This page could not be drawn: {failure.message}</p>
        <p>
          <button type="button" onClick={() => this.setState({ failure: null })}>
            Try again
          </button>
        </p>
      </div>
    );
  }
}
