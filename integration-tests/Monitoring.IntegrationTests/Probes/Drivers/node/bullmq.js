// node bullmq.js PACKAGE PORT: queues of BullMQ, and what BullMQ itself reports of them.
const { serve, until } = require('./driver');

const [name, port] = process.argv.slice(2);
const { Queue, Worker } = require(name);
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
const mail = new Queue('mail', { connection });
const reports = new Queue('reports', { connection });
const hour = 3600000;

let release;
const released = new Promise(resolve => { release = resolve; });

const report = async queue => {
  const counts = await queue.getJobCounts('waiting', 'paused', 'prioritized', 'active', 'delayed', 'failed');
  const waiting = await queue.getJobs(['waiting', 'paused', 'prioritized'], 0, 1000);
  return {
    waiting: (counts.waiting ?? 0) + (counts.paused ?? 0),
    prioritized: counts.prioritized ?? 0,
    running: counts.active,
    delayed: counts.delayed,
    failed: counts.failed,
    workers: (await queue.getWorkers()).length,
    paused: await queue.isPaused(),
    oldest: waiting.length === 0 ? null : Math.min(...waiting.map(job => job.timestamp)),
    completedTotal: (await queue.getMetrics('completed')).meta.count,
    failedTotal: (await queue.getMetrics('failed')).meta.count,
  };
};

serve({
  async prepare() {
    new Worker('mail', async job => {
      if (job.name === 'fail') throw new Error('as asked');
      if (job.name === 'hold') await released;
    }, { connection, concurrency: 2, metrics: { maxDataPoints: 60 } });

    for (let i = 0; i < 3; i++) await mail.add('work', { i });
    for (let i = 0; i < 2; i++) await mail.add('fail', { i });
    await until(async () => {
      const counts = await mail.getJobCounts('completed', 'failed');
      return counts.completed === 3 && counts.failed === 2;
    }, 'the jobs are done');

    for (let i = 0; i < 2; i++) await mail.add('hold', { i });
    await until(async () => (await mail.getActiveCount()) === 2, 'the workers are held');
    for (let i = 0; i < 4; i++) await mail.add('work', { i });
    for (let i = 0; i < 2; i++) await mail.add('work', { i }, { priority: 5 + i });
    for (let i = 0; i < 3; i++) await mail.add('work', { i }, { delay: hour });

    await reports.pause();
    for (let i = 0; i < 2; i++) await reports.add('work', { i });
  },
  async report() {
    return { mail: await report(mail), reports: await report(reports) };
  },
  async release() {
    release();
    await until(async () => (await mail.getActiveCount()) + (await mail.getWaitingCount()) === 0 && (await mail.getJobCounts('prioritized')).prioritized === 0, 'everything is done');
  },
});
