using System.Collections.Concurrent;
using System.Diagnostics;
using Monitoring.Telemetry;

namespace Monitoring.Queries.Sources;

/// <summary>Listens to the diagnostic listeners of SqlClient and EF Core, those that are there and those that come.</summary>
internal sealed class DiagnosticSources : IObserver<DiagnosticListener>, IDisposable
{
    private readonly QueryMonitor _monitor;
    private readonly InternalErrors _errors;
    private readonly ConcurrentQueue<IDisposable> _subscriptions = new();
    private readonly IDisposable _all;
    private bool _disposed;

    public DiagnosticSources(QueryMonitor monitor, InternalErrors errors)
    {
        _monitor = monitor;
        _errors = errors;
        _all = DiagnosticListener.AllListeners.Subscribe(this);
    }

    public void OnNext(DiagnosticListener value)
    {
        try
        {
            DatabaseSource? source = value.Name switch
            {
                SqlClientSource.ListenerName => new SqlClientSource(_monitor, _errors),
                EfCoreSource.ListenerName => new EfCoreSource(_monitor, _errors),
                _ => null,
            };
            if (source is not null)
            {
                _subscriptions.Enqueue(value.Subscribe(source, source.IsWanted));
                if (Volatile.Read(ref _disposed))
                {
                    Unsubscribe();
                }
            }
        }
        catch (Exception exception)
        {
            _errors.Report("diagnostic listener", exception);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        // Who subscribes at this moment sees the flag, or is in the queue already.
        Volatile.Write(ref _disposed, true);
        _all.Dispose();
        Unsubscribe();
    }

    private void Unsubscribe()
    {
        while (_subscriptions.TryDequeue(out var subscription))
        {
            subscription.Dispose();
        }
    }
}
