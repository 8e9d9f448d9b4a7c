namespace Monitoring.AspNetCore.Prometheus;

/// <summary>One panel of the dashboard.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">Unit by its id in Grafana: <c>s</c>, <c>ops</c>, <c>percentunit</c>, <c>bytes</c>, <c>short</c>, <c>none</c>.</param>
/// <param name="Queries">What it asks, each with its legend.</param>
internal sealed record Panel(string Title, string Unit, params (string Expression, string Legend)[] Queries)
{
    /// <summary><c>timeseries</c>, or <c>stat</c> for one number.</summary>
    public string Type { get; init; } = "timeseries";

    /// <summary>Width in columns, of which there are 24.</summary>
    public int Width { get; init; } = 8;

    /// <summary>Whether its series are parts of a whole.</summary>
    public bool IsStacked { get; init; }
}
