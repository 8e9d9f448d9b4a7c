using System.Diagnostics;
using System.Globalization;
using Monitoring.TestSupport;
using Npgsql;

namespace Monitoring.Benchmarks;

/// <summary>
/// What a query on a real PostgreSQL costs without the monitor and with it: rounds of either in turn, so that both see the
/// same machine; prints the median of the rounds.
/// </summary>
internal static class QueryCommand
{
    private const int Rounds = 21;
    private const int QueriesPerRound = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task RunAsync()
    {
        await using var server = await ServerProcess.StartPostgreSqlAsync();
        await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres");
        await using var connection = await ConnectAsync(source);
        var (bare, monitored) = (new List<(double Microseconds, double Bytes)>(), new List<(double Microseconds, double Bytes)>());

        // The first of each only warms up.
        for (var round = 0; round <= Rounds; round++)
        {
            bare.Add(Measure(connection));
            using var monitor = PerformanceMonitor.Create();
            monitored.Add(Measure(connection));
            if (monitor.Queries.GetSummary().Count != QueriesPerRound)
            {
                throw new InvalidOperationException("The monitor did not see every query.");
            }
        }

        Print("without the monitor", bare);
        Print("with the monitor", monitored);
    }

    private static async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await source.OpenConnectionAsync();
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(100);
            }
        }
    }

    private static (double Microseconds, double Bytes) Measure(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT 1 WHERE 1 = @id", connection);
        var parameter = command.Parameters.Add(new NpgsqlParameter<int>("id", 1));
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < QueriesPerRound; i++)
        {
            ((NpgsqlParameter<int>)parameter).TypedValue = i;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
            }
        }

        return (Stopwatch.GetElapsedTime(started).TotalMicroseconds / QueriesPerRound, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)QueriesPerRound);
    }

    private static void Print(string what, List<(double Microseconds, double Bytes)> rounds)
    {
        var microseconds = rounds.Skip(1).Select(static round => round.Microseconds).Order().ToList();
        var bytes = rounds.Skip(1).Select(static round => round.Bytes).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {microseconds[Rounds / 2]:0.0} µs a query ({microseconds[Rounds / 4]:0.0} to {microseconds[3 * Rounds / 4]:0.0}), {bytes[Rounds / 2]:0} B"));
    }
}
