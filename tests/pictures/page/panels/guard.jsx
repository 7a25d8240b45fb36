// Keeps a failure of one panel's component away from the rest of the board.

import { Component } from 'react';

export class Guard extends Component {
    state = { failed: undefined };

    static getDerivedStateFromError(failed) {
        return { failed };
    }

    componentDidCatch(error) {
        this.props.onError(error);
    }

    render() {
        return this.state.failed ? <div>{this.state.failed.message}</div> : this.props.children;
    }
}
