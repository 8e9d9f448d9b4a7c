using System.Data.Common;
using System.Diagnostics;
using Monitoring.Telemetry;

namespace Monitoring.Queries.Sources;

/// <summary>
/// Commands of EF Core. Those on Npgsql and SqlClient are counted by what the driver itself reports, and only their rows are
/// taken from here; so none is counted twice, whatever comes first. Those on other providers are counted here.
/// </summary>
internal sealed class EfCoreSource(QueryMonitor monitor, InternalErrors errors)
    : DatabaseSource("EF Core event", errors, Executed, Failed, Canceled, ReaderDisposing)
{
    public const string ListenerName = "Microsoft.EntityFrameworkCore";

    private const string Prefix = ListenerName + ".Database.Command.";
    private const string Executed = Prefix + "CommandExecuted";
    private const string Failed = Prefix + "CommandError";
    private const string Canceled = Prefix + "CommandCanceled";
    private const string ReaderDisposing = Prefix + "DataReaderDisposing";

    private readonly PayloadProperty _command = new("Command");
    private readonly PayloadProperty _duration = new("Duration");
    private readonly PayloadProperty _result = new("Result");
    private readonly PayloadProperty _recordsAffected = new("RecordsAffected");
    private readonly PayloadProperty _readCount = new("ReadCount");

    // The payload of a reader that is disposed is of another type, and each property keeps one.
    private readonly PayloadProperty _readCommand = new("Command");

    protected override void Handle(string @event, object payload)
    {
        var isReader = @event == ReaderDisposing;
        if ((isReader ? _readCommand : _command).Get(payload) is not DbCommand command)
        {
            return;
        }

        var (database, isReported) = Describe(command);
        long? rows = isReader ? ReadRows(payload) : @event == Executed && _result.Get(payload) is int changed and >= 0 ? changed : null;
        if (isReader || isReported)
        {
            if (rows is { } known)
            {
                monitor.AddRows(command.CommandText, in database, known);
            }
        }
        else if (_duration.Get(payload) is TimeSpan duration)
        {
            var outcome = @event switch { Failed => QueryOutcome.Failed, Canceled => QueryOutcome.Canceled, _ => QueryOutcome.Succeeded };
            monitor.Record(new QueryExecution(command.CommandText, database, duration, outcome, rows, Activity.Current));
        }
    }

    // Changed rows of what changes, read rows of what does not: EF Core counts how often it tried to read, and it reads to the end.
    private long? ReadRows(object payload) =>
        _recordsAffected.Get(payload) is int changed and > 0 ? changed : _readCount.Get(payload) is int tries ? Math.Max(tries - 1, 0) : null;

    // Whether the driver reports its commands itself: known of the driver, not guessed from what was seen of it.
    private static (QueryDatabase Database, bool IsReported) Describe(DbCommand command)
    {
        var (system, isReported) = command.GetType().Namespace switch
        {
            "Npgsql" => ("postgresql", true),
            "Microsoft.Data.SqlClient" or "System.Data.SqlClient" => (SqlClientSource.SystemName, true),
            "Microsoft.Data.Sqlite" => ("sqlite", false),
            "MySqlConnector" or "MySql.Data.MySqlClient" => ("mysql", false),
            "Oracle.ManagedDataAccess.Client" => ("oracle.db", false),
            _ => ("other_sql", false),
        };
        return (new QueryDatabase(system, command.Connection?.Database), isReported);
    }
}
