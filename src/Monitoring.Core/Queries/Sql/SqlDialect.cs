namespace Monitoring.Queries.Sql;

/// <summary>What differs between databases in where a literal begins and ends.</summary>
internal enum SqlDialect
{
    /// <summary>Standard SQL and PostgreSQL: dollar quotes, a backslash escapes in <c>E''</c> only.</summary>
    Standard,

    /// <summary>SQL Server: names in brackets, no dollar quotes.</summary>
    SqlServer,

    /// <summary>MySQL and MariaDB: a backslash escapes, double quotes hold strings, <c>#</c> begins a comment.</summary>
    MySql,
}
