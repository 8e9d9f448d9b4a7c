using System.Diagnostics;
using Monitoring.Telemetry;

namespace Monitoring.Queries.Sources;

/// <summary>
/// Npgsql's activities: a command is one, from its start until its reader is closed. Asked for with all data but not as
/// recorded, so that exporters pass over those that the host itself did not ask for, and the host's own decision, where it
/// asks for more, stays what it is. Connections that are opened are not asked for: what a sampler decides by its parent
/// would be decided by them.
/// </summary>
internal sealed class NpgsqlSource : IDisposable
{
    private const string SourceName = "Npgsql";
    private const string Connect = "CONNECT";

    private readonly QueryMonitor _monitor;
    private readonly InternalErrors _errors;
    private readonly ActivityListener _listener;

    public NpgsqlSource(QueryMonitor monitor, InternalErrors errors)
    {
        _monitor = monitor;
        _errors = errors;
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) => Decide(options.Name),
            SampleUsingParentId = static (ref ActivityCreationOptions<string> options) => Decide(options.Name),
            ActivityStopped = OnStopped,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    private static ActivitySamplingResult Decide(string name) =>
        name.StartsWith(Connect, StringComparison.Ordinal) ? ActivitySamplingResult.None : ActivitySamplingResult.AllData;

    private void OnStopped(Activity activity)
    {
        try
        {
            if (TryRead(activity, out var query))
            {
                _monitor.Record(in query);
            }
        }
        catch (Exception exception)
        {
            _errors.Report("Npgsql activity", exception);
        }
    }

    // The names of OpenTelemetry's conventions: the stable ones (Npgsql 10) and those before.
    private static bool TryRead(Activity activity, out QueryExecution query)
    {
        string? sql = null, procedure = null, system = null, database = null, error = null;
        var failed = activity.Status == ActivityStatusCode.Error;
        long? rows = null;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            switch (tag.Key)
            {
                case "db.query.text" or "db.statement":
                    sql = tag.Value as string;
                    break;
                case "db.stored_procedure.name":
                    procedure = tag.Value as string;
                    break;
                case "db.system.name" or "db.system":
                    system = tag.Value as string;
                    break;
                case "db.namespace" or "db.name":
                    database = tag.Value as string;
                    break;
                case "error.type":
                    error = tag.Value as string;
                    break;
                case "otel.status_code":
                    failed |= tag.Value is "ERROR";
                    break;
                case "db.npgsql.rows" when tag.Value is ulong copied:
                    rows = (long)Math.Min(copied, long.MaxValue);
                    break;
            }
        }

        sql ??= procedure;
        query = sql is null ? default : new QueryExecution(
            sql,
            new QueryDatabase(system ?? "postgresql", database),
            activity.Duration > TimeSpan.Zero ? activity.Duration : TimeSpan.Zero,
            !failed ? QueryOutcome.Succeeded : IsCancellation(error) ? QueryOutcome.Canceled : QueryOutcome.Failed,
            rows,
            activity);
        return sql is not null;
    }

    private static bool IsCancellation(string? error) =>
        error is "System.OperationCanceledException" or "System.Threading.Tasks.TaskCanceledException";
}
