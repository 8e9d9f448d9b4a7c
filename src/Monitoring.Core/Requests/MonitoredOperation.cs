using System.Diagnostics;

namespace Monitoring.Requests;

/// <summary>
/// An operation that is going on, from <see cref="RequestMonitor.BeginOperation"/> to its disposal. Thread-safe; nothing here
/// throws, and an exception of the application passes by untouched. Allocates itself and its activity.
/// </summary>
/// <remarks>
/// It runs in an <see cref="System.Diagnostics.Activity"/> of its own, a child of the current one: what is called until it is disposed, across awaits
/// and in branches, is attributed to it, and to the operation or request around it as well. Dispose it in the method that began it.
/// </remarks>
public sealed class MonitoredOperation : IDisposable, IAsyncDisposable
{
    private readonly RequestMonitor _monitor;
    private readonly RequestTicket _ticket;
    private readonly Activity _activity;
    private readonly OperationScope _scope;
    private int _ended;
    private volatile bool _failed;

    internal MonitoredOperation(RequestMonitor monitor, string name, Activity activity)
    {
        (_monitor, Name, _activity) = (monitor, name, activity);
        _ticket = monitor.Begin(name, null, activity);
        _scope = _ticket.State.Scope;
    }

    /// <summary>Name of the operation.</summary>
    public string Name { get; }

    /// <summary>Whether a cache had the answer; null, the default, when none was asked.</summary>
    public bool? CacheHit { get; set; }

    /// <summary>Who asked; kept as a hash only, unless <see cref="RequestOptions.CaptureRawIds"/>.</summary>
    public string? UserId { get; set; }

    /// <summary>On whose behalf; kept as a hash only, unless <see cref="RequestOptions.CaptureRawIds"/>.</summary>
    public string? TenantId { get; set; }

    /// <summary>Says that the operation failed. Without it a disposed operation counts as a success: a <c>using</c> block does not see exceptions.</summary>
    public void Fail() => _failed = true;

    /// <summary>Measures a named part of the operation until the result is disposed; parts of one name add up. 15 names are told apart, the others are <c>OTHER</c>.</summary>
    public PhaseMeasurement Measure(string phase) => new(_scope, phase);

    /// <summary>Ends the operation and records it; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1)
        {
            return;
        }

        _monitor.End(in _ticket, new RequestMetric(Name, default, !_failed) { CacheHit = CacheHit, UserId = UserId, TenantId = TenantId }, _activity);
        if (_failed)
        {
            _activity.SetStatus(ActivityStatusCode.Error);
        }

        // Stop makes the parent current only where this one is.
        _activity.Stop();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
