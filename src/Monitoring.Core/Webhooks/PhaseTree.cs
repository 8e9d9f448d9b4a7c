using System.Diagnostics.CodeAnalysis;

namespace Monitoring.Webhooks;

/// <summary>Which phases of one webhook are running, and within which. Thread-safe; nothing here throws.</summary>
/// <param name="timeProvider">The source of timestamps.</param>
/// <param name="maxPhases">How many phases are told apart.</param>
internal sealed class PhaseTree(TimeProvider timeProvider, int maxPhases)
{
    // The phase that the current flow is in, of whichever webhook. A branch that starts within a phase inherits it, and
    // what the branch sets is not seen by the flow that started it.
    private static readonly AsyncLocal<RunningPhase?> Current = new();

    // Guards all below and the fields of the running phases. Held for a few additions; parallel phases alone contend.
    private readonly Lock _lock = new();
    private readonly PhaseTimes _times = new(maxPhases);
    private bool _ended;

    private long Now => timeProvider.GetTimestamp();

    /// <summary>Begins a phase, which runs until the result is disposed.</summary>
    public IDisposable Begin(WebhookPhase phase)
    {
        RunningPhase running;
        lock (_lock)
        {
            if (_ended)
            {
                return Ended.Instance;
            }

            running = new RunningPhase(this, _times.Get(phase.Name), InnermostOpen(Current.Value));
            running.BeginUnderLock(Now);
        }

        Current.Value = running;
        return running;
    }

    /// <summary>Ends everything, once; a phase that still runs ends now.</summary>
    public bool TryEnd(out long end, [NotNullWhen(true)] out WebhookPhaseTime[]? times)
    {
        lock (_lock)
        {
            end = Now;
            times = _ended ? null : _times.ToArray(end, timeProvider);
            Volatile.Write(ref _ended, true);
        }

        Leave(Current.Value);
        return times is not null;
    }

    private static void Leave(RunningPhase? phase)
    {
        if (phase is not null && Current.Value == phase && !phase.IsOpen)
        {
            Current.Value = InnermostOpen(phase);
        }
    }

    // A phase may have been ended by another flow, or left open by a webhook that is over.
    private static RunningPhase? InnermostOpen(RunningPhase? phase)
    {
        while (phase is { IsOpen: false })
        {
            phase = phase.Outer;
        }

        return phase;
    }

    private sealed class RunningPhase : IDisposable
    {
        private readonly PhaseTree _tree;
        private readonly PhaseClock _clock;
        private readonly RunningPhase? _parent;
        private int _innerCount;
        private bool _closed;

        public RunningPhase(PhaseTree tree, PhaseClock clock, RunningPhase? outer)
        {
            _tree = tree;
            _clock = clock;
            Outer = outer;
            _parent = outer;
            while (_parent is not null && (_parent._tree != tree || _parent._closed))
            {
                _parent = _parent.Outer;
            }
        }

        /// <summary>The phase that the flow was in when this one began; perhaps of another webhook.</summary>
        public RunningPhase? Outer { get; }

        // Read without the lock: it turns false once and stays so.
        public bool IsOpen => !Volatile.Read(ref _closed) && !Volatile.Read(ref _tree._ended);

        public void BeginUnderLock(long now)
        {
            _clock.Count++;
            _clock.Wall.Enter(now);
            _clock.Self.Enter(now);
            if (_parent is not null && _parent._innerCount++ == 0)
            {
                _parent._clock.Self.Leave(now);
            }
        }

        public void Dispose()
        {
            lock (_tree._lock)
            {
                if (!_closed && !_tree._ended)
                {
                    EndUnderLock(_tree.Now);
                }

                Volatile.Write(ref _closed, true);
            }

            Leave(this);
        }

        private void EndUnderLock(long now)
        {
            _clock.Wall.Leave(now);
            if (_innerCount == 0)
            {
                _clock.Self.Leave(now);
            }

            if (_parent is { _closed: false } && --_parent._innerCount == 0)
            {
                _parent._clock.Self.Enter(now);
            }
        }
    }

    private sealed class Ended : IDisposable
    {
        public static readonly Ended Instance = new();

        public void Dispose()
        {
        }
    }
}
