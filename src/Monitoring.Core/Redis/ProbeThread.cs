using Monitoring.Telemetry;

namespace Monitoring.Redis;

/// <summary>
/// A thread that probes at an interval, of its own because the thread pool is one of the things that are probed. It starts
/// with the first call of <see cref="Start"/>, keeps no process alive and ends when it is told to stop.
/// </summary>
/// <param name="name">Name of the thread.</param>
/// <param name="probe">Called with the time at which it was due, by the time provider's timestamps.</param>
/// <param name="interval">How long to wait from one to the next; asked for each time.</param>
/// <param name="timeProvider">The source of timestamps; the thread itself waits in real time.</param>
/// <param name="errors">Where a probe that throws is reported.</param>
/// <param name="stopping">Ends the thread.</param>
internal sealed class ProbeThread(
    string name, Action<long> probe, Func<TimeSpan> interval, TimeProvider timeProvider, InternalErrors errors, CancellationToken stopping)
{
    private int _started;

    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            new Thread(Run) { IsBackground = true, Name = name }.UnsafeStart();
        }
    }

    private void Run()
    {
        while (!stopping.IsCancellationRequested)
        {
            var wait = interval();
            var due = timeProvider.GetTimestamp() + (long)(wait.TotalSeconds * timeProvider.TimestampFrequency);
            if (stopping.WaitHandle.WaitOne(wait))
            {
                return;
            }

            try
            {
                probe(due);
            }
            catch (Exception exception)
            {
                errors.Report(name, exception);
            }
        }
    }
}
