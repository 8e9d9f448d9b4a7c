using System.Diagnostics;
using Monitoring.Queries.Sql;

namespace Monitoring.Queries;

/// <summary>How a query ended.</summary>
internal enum QueryOutcome
{
    Succeeded,
    Failed,

    /// <summary>The caller gave it up, which says nothing about the database.</summary>
    Canceled,
}

/// <summary>One command as its telemetry tells it.</summary>
/// <param name="Sql">Its text, as the application wrote it.</param>
/// <param name="Database">Where it ran.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Rows">Rows that it returned or changed; null when that is not told.</param>
/// <param name="Activity">What it ran in.</param>
internal readonly record struct QueryExecution(string Sql, QueryDatabase Database, TimeSpan Duration, QueryOutcome Outcome, long? Rows, Activity? Activity);

/// <summary>Where a command ran.</summary>
/// <param name="System">Kind of database: <c>postgresql</c>, <c>mssql</c>.</param>
/// <param name="Name">Name of the database, if it is told.</param>
internal readonly record struct QueryDatabase(string System, string? Name)
{
    public SqlDialect Dialect => System switch
    {
        "mssql" => SqlDialect.SqlServer,
        "mysql" => SqlDialect.MySql,
        _ => SqlDialect.Standard,
    };

    public override string ToString() => Name is null ? System : $"{System} {Name}";
}
