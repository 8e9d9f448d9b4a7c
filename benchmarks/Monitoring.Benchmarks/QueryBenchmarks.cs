using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Latency;
using Monitoring.Queries;
using Monitoring.Queries.Sql;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>What normalising a statement costs, and recording a query whose text is known or new.</summary>
[MemoryDiagnoser]
public class QueryBenchmarks
{
    private const string Short = "SELECT name FROM items WHERE id = @id AND state = 'open'";

    private readonly string _long = $"SELECT {string.Join(", ", Enumerable.Range(0, 30).Select(static n => $"i.\"Column{n}\""))}\nFROM items AS i\nWHERE i.\"Id\" IN ({string.Join(", ", Enumerable.Range(0, 100))}) AND i.\"Name\" LIKE 'a%'";
    private readonly char[] _buffer = new char[Statement.LongestText];
    private readonly string[] _fresh = [.. Enumerable.Range(0, 10_000).Select(static n => $"SELECT name FROM items WHERE id = {n} AND state = 'open'")];
    private SliceClock _clock = null!;
    private QueryMonitor _monitor = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _clock = new SliceClock(TimeProvider.System);
        _monitor = new QueryMonitor(_clock, new QueryOptions { Enabled = false }, new InternalErrors(NullLogger.Instance, TimeProvider.System));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _monitor.Dispose();
        _clock.Dispose();
    }

    [Benchmark]
    public int NormalizeAShortStatement() => SqlNormalizer.Normalize(Short, _buffer, SqlDialect.Standard);

    [Benchmark]
    public int NormalizeALongStatementWithAListOf100() => SqlNormalizer.Normalize(_long, _buffer, SqlDialect.Standard);

    [Benchmark]
    public void RecordATextThatIsKnown() => Record(Short);

    [Benchmark]
    public void RecordATextThatIsNewEachTime() => Record(_fresh[_next++ % _fresh.Length]);

    private void Record(string sql) =>
        _monitor.Record(new QueryExecution(sql, new QueryDatabase("postgresql", "shop"), TimeSpan.FromMilliseconds(2), QueryOutcome.Succeeded, null, null));
}
