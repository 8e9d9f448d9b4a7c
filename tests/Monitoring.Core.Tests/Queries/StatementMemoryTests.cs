using System.Globalization;
using Monitoring.Latency;
using Monitoring.Queries;
using Monitoring.Queries.Sql;
using Monitoring.TestSupport;
using Xunit.Abstractions;

namespace Monitoring.Core.Tests.Queries;

[Collection(nameof(Alone))]
public sealed class StatementMemoryTests(ITestOutputHelper output)
{
    private const int Capacity = 300;
    private const long Budget = 6L * 1024 * 1024;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void The_longest_statements_from_many_endpoints_all_hour_and_statements_made_up_each_time_stay_within_6_MB()
    {
        var time = new FakeClock();
        using var clock = new SliceClock(time);
        string[] endpoints = [.. Enumerable.Range(0, StatementSlice.MostEndpoints + 2).Select(static n => $"GET /e{n}")];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new StatementTable(clock, Capacity);

        for (var minute = 0; minute < 90; minute++)
        {
            for (var made = 0; made < 3 * Capacity; made++)
            {
                Record(table, (ulong)((minute * 3 * Capacity) + made), endpoints);
            }

            for (var own = 0; own < Capacity; own++)
            {
                Record(table, ulong.MaxValue - (ulong)own, endpoints);
            }

            time.Advance(TimeSpan.FromMinutes(1));
        }

        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Capacity} statements: {used:N0} B");
        used.Should().BeLessThan(Budget);
        table.Read(Hour).Should().HaveCount(Capacity);

        // All of the last minute are known, for an hour of every slice.
        for (var minute = 0; minute < 70; minute++)
        {
            for (var own = 0; own < Capacity; own++)
            {
                Record(table, ulong.MaxValue - (ulong)own, endpoints);
            }

            time.Advance(TimeSpan.FromMinutes(1));
        }

        used = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Capacity} statements, all slices: {used:N0} B");
        used.Should().BeLessThan(Budget);
        GC.KeepAlive(table);
    }

    private static void Record(StatementTable table, ulong fingerprint, string[] endpoints)
    {
        var statement = table.Find(fingerprint)
            ?? new Statement(fingerprint, fingerprint.ToString("x16", CultureInfo.InvariantCulture).PadRight(Statement.LongestText, 'x'));
        foreach (var endpoint in endpoints)
        {
            table.Record(statement, new QueryExecution("", new QueryDatabase("postgresql", "shop"), TimeSpan.FromMilliseconds(5), QueryOutcome.Succeeded, 1, null), slow: false, endpoint);
        }
    }
}
