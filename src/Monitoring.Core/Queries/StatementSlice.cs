using Monitoring.Latency;
using Monitoring.SlowOperations;

namespace Monitoring.Queries;

/// <summary>One statement in one slice. For one thread at a time.</summary>
internal sealed class StatementSlice
{
    /// <summary>How many endpoints of a slice are told apart; the others are summed up.</summary>
    public const int MostEndpoints = 4;

    private readonly EndpointCount[] _endpoints = new EndpointCount[MostEndpoints + 1];

    public SlowSlice Times { get; } = new();

    public long Slow { get; private set; }

    public long Rows { get; private set; }

    /// <summary>How many times rows were told.</summary>
    public long RowsKnown { get; private set; }

    public ReadOnlySpan<EndpointCount> Endpoints => _endpoints;

    /// <summary>Makes it the slice of that number; what it held of another is forgotten.</summary>
    public void Begin(long number)
    {
        if (Times.Number != number)
        {
            Times.Begin(number);
            (Slow, Rows, RowsKnown) = (0, 0, 0);
            Array.Clear(_endpoints);
        }
    }

    public void Record(in QueryExecution query, bool slow, string? endpoint)
    {
        Times.Record(query.Duration, query.Outcome == QueryOutcome.Failed);
        Slow += slow ? 1 : 0;
        if (query.Rows is { } rows)
        {
            AddRows(rows);
        }

        if (endpoint is not null)
        {
            Count(endpoint, query.Duration);
        }
    }

    public void AddRows(long rows)
    {
        Rows += rows;
        RowsKnown++;
    }

    private void Count(string endpoint, TimeSpan duration)
    {
        var at = 0;
        while (at < MostEndpoints && _endpoints[at].Name is { } name && name != endpoint)
        {
            at++;
        }

        ref var entry = ref _endpoints[at];
        entry = new EndpointCount(at < MostEndpoints ? endpoint : SeriesTable<object>.OverflowName, entry.Count + 1, entry.Ticks + duration.Ticks);
    }

    /// <summary>What an endpoint had of the statement; without a name when there was none.</summary>
    public readonly record struct EndpointCount(string? Name, long Count, double Ticks);
}
