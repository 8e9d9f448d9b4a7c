using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Monitoring.Telemetry;

namespace Monitoring.Queries.Sources;

/// <summary>
/// Commands of Microsoft.Data.SqlClient and System.Data.SqlClient: begun, and ended or failed. A reader's command has ended
/// when it can be read.
/// </summary>
internal sealed class SqlClientSource(QueryMonitor monitor, InternalErrors errors) : DatabaseSource(
    "SqlClient event", errors, MicrosoftPrefix + Before, MicrosoftPrefix + After, MicrosoftPrefix + Error, SystemPrefix + Before, SystemPrefix + After, SystemPrefix + Error)
{
    public const string ListenerName = "SqlClientDiagnosticListener";
    public const string SystemName = "mssql";

    private const string MicrosoftPrefix = "Microsoft.Data.SqlClient.";
    private const string SystemPrefix = "System.Data.SqlClient.";
    private const string Before = "WriteCommandBefore";
    private const string After = "WriteCommandAfter";
    private const string Error = "WriteCommandError";

    // Commands under way. One that never ends would stay for ever, so all are forgotten when there are too many.
    private const int MostUnderWay = 10_000;

    private readonly ConcurrentDictionary<Guid, (long Timestamp, Activity? Activity)> _underWay = new();
    private readonly PayloadProperty _operationId = new("OperationId");
    private readonly PayloadProperty _timestamp = new("Timestamp");
    private readonly PayloadProperty _command = new("Command");
    private readonly PayloadProperty _exception = new("Exception");

    protected override void Handle(string @event, object payload)
    {
        if (_operationId.Get(payload) is not Guid id || _timestamp.Get(payload) is not long timestamp)
        {
            return;
        }

        if (@event.EndsWith(Before, StringComparison.Ordinal))
        {
            if (_underWay.Count >= MostUnderWay)
            {
                _underWay.Clear();
            }

            _underWay[id] = (timestamp, Activity.Current);
        }
        else if (_underWay.TryRemove(id, out var begun) && _command.Get(payload) is DbCommand command)
        {
            var elapsed = Stopwatch.GetElapsedTime(begun.Timestamp, timestamp);
            var outcome = @event.EndsWith(After, StringComparison.Ordinal) ? QueryOutcome.Succeeded
                : _exception.Get(payload) is OperationCanceledException ? QueryOutcome.Canceled
                : QueryOutcome.Failed;
            monitor.Record(new QueryExecution(
                command.CommandText,
                new QueryDatabase(SystemName, command.Connection?.Database),
                elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero,
                outcome,
                null,
                begun.Activity));
        }
    }
}
