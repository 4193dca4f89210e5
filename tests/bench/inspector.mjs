// V8's sampling profiler in one isolate of a workerd, reached through its inspector.

/** Microseconds; the profiler looks this often, and sees nothing while no request is in the isolate. */
const INTERVAL = 100;
const NOT_CODE = new Set(['(idle)', '(program)', '(root)']);

export class Inspector {
  #lastId = 0;
  #waiting = new Map();

  /** `worker` is the name that the runner gave it. */
  static async open(url, worker) {
    const inspector = new Inspector();
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}core:user:${worker}`);
    inspector.socket = socket;
    socket.onmessage = ({ data }) => inspector.#receive(JSON.parse(data));
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('the inspector does not answer'));
    });

    return inspector;
  }

  /** Milliseconds in which JavaScript, or what it called, ran while `work` did. */
  async profile(work) {
    await this.#call('Profiler.enable');
    await this.#call('Profiler.setSamplingInterval', { interval: INTERVAL });
    await this.#call('Profiler.start');
    await work();
    const { profile } = await this.#call('Profiler.stop');
    const names = new Map(profile.nodes.map((node) => [node.id, node.callFrame.functionName]));
    const samples = profile.samples.filter((id) => !NOT_CODE.has(names.get(id)));

    return (samples.length * INTERVAL) / 1000;
  }

  close() {
    this.socket.close();
  }

  #call(method, params = {}) {
    this.#lastId += 1;
    const id = this.#lastId;
    this.socket.send(JSON.stringify({ id, method, params }));

    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #receive({ id, result, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);

    if (error === undefined) {
      waiting?.resolve(result);
    } else {
      waiting?.reject(new Error(error.message));
    }
  }
}
