// node resque.js PORT: queues as Resque and resque-scheduler store them, by node-resque, and what it reports of them.
const { serve, until } = require('./driver');
const { Queue, Worker } = require('node-resque');

const port = Number(process.argv[2]);
const connection = { pkg: 'ioredis', host: '127.0.0.1', port, namespace: 'resque' };

let release;
const released = new Promise(resolve => { release = resolve; });
const jobs = {
  work: { perform: async () => 'done' },
  fail: { perform: async () => { throw new Error('as asked'); } },
  hold: { perform: () => released },
};
const queue = new Queue({ connection }, jobs);
queue.on('error', () => {});
const workers = [];

serve({
  async prepare() {
    await queue.connect();
    for (const name of ['one', 'two']) {
      const worker = new Worker({ connection, queues: ['mail'], name: `host:${name}`, timeout: 20 }, jobs);
      worker.on('error', () => {});
      worker.on('failure', () => {});
      await worker.connect();
      await worker.start();
      workers.push(worker);
    }

    for (let i = 0; i < 3; i++) await queue.enqueue('mail', 'work', [i]);
    for (let i = 0; i < 2; i++) await queue.enqueue('mail', 'fail', [i]);
    await until(async () => (await queue.failedCount()) === 2 && Number((await queue.stats())['processed']) >= 3, 'the jobs are done');

    for (let i = 0; i < 2; i++) await queue.enqueue('mail', 'hold', [i]);
    await until(async () => (await queue.length('mail')) === 0 && Object.values(await queue.allWorkingOn()).filter(job => job.run_at !== undefined).length === 2, 'the workers are held');
    for (let i = 0; i < 4; i++) await queue.enqueue('mail', 'work', [i]);
    for (let i = 0; i < 3; i++) await queue.enqueueIn(3600000 + (i % 2) * 60000, 'mail', 'work', [i]);
    for (let i = 0; i < 2; i++) await queue.enqueue('reports', 'work', [i]);
  },
  async report() {
    const stats = await queue.stats();
    const working = Object.values(await queue.allWorkingOn());
    const delayed = await queue.allDelayed();
    return {
      mail: await queue.length('mail'),
      reports: await queue.length('reports'),
      failed: await queue.failedCount(),
      delayed: Object.values(delayed).flat().length,
      workers: Object.keys(await queue.workers()).length,
      running: working.filter(job => job.run_at !== undefined).length,
      processedTotal: Number(stats.processed),
      failedTotal: Number(stats.failed ?? 0),
    };
  },
  async release() {
    release('done');
    await until(async () => (await queue.length('mail')) === 0 && Object.values(await queue.allWorkingOn()).every(job => job.run_at === undefined), 'everything is done');
  },
});
