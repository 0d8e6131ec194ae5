import { Worker } from 'node:worker_threads';

/**
 * Runs JavaScript on a thread of its own, on the built package, and tells what it posts. `rtm1` is the package, `rtm` an
 * object on the embedded library, and `data` what is given.
 */
export function onThread(body: string, data: unknown = null): Promise<unknown> {
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const source = `
    import { parentPort, workerData as data } from 'node:worker_threads';
    import * as rtm1 from ${JSON.stringify(built)};
    const rtm = rtm1.openRtm1({ library: 'embedded' });
    const post = (value) => parentPort.postMessage(value);
    ${body}
  `;
  return new Promise((resolve, reject) => {
    const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const worker = new Worker(url, { workerData: data });
    let posted: unknown;
    worker.on('message', (value: unknown) => {
      posted = value;
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      resolve(posted);
    });
  });
}
