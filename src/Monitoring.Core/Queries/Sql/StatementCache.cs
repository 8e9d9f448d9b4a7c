using System.Runtime.CompilerServices;
using Monitoring.SlowOperations;

namespace Monitoring.Queries.Sql;

/// <summary>
/// The normalised statement of a command text. A text that is the same object as before, which the texts of an application
/// mostly are, is not read again. Thread-safe: an entry is immutable and replaced as a whole, whoever comes last.
/// Memory at most: 512 texts of
/// 4,096 characters, which the application made.
/// </summary>
internal sealed class StatementCache(Func<ulong, Statement?> known)
{
    private const int Slots = 512;
    private const int LongestKept = 4096;

    // Scratch space of the thread that normalises; it never leaves a method and no foreign code runs meanwhile.
    [ThreadStatic]
    private static char[]? Scratch;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>The statement; allocates only for a text that is not kept.</summary>
    public Statement Get(string sql, SqlDialect dialect)
    {
        // By reference: comparing the characters of a long text costs as much as normalising it.
        ref var slot = ref _entries[RuntimeHelpers.GetHashCode(sql) & (Slots - 1)];
        if (Volatile.Read(ref slot) is { } entry && ReferenceEquals(entry.Sql, sql) && entry.Dialect == dialect)
        {
            return entry.Statement;
        }

        var statement = Normalize(sql, dialect);
        if (sql.Length <= LongestKept)
        {
            Volatile.Write(ref slot, new Entry(sql, dialect, statement));
        }

        return statement;
    }

    private Statement Normalize(string sql, SqlDialect dialect)
    {
        var buffer = Scratch ??= new char[Statement.LongestText];
        var text = buffer.AsSpan(0, SqlNormalizer.Normalize(sql, buffer, dialect));
        var fingerprint = Fingerprint.Of(text);
        return known(fingerprint) ?? new Statement(fingerprint, text.ToString());
    }

    private sealed record Entry(string Sql, SqlDialect Dialect, Statement Statement);
}
