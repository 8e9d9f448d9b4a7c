using System.Text.Json;
using Monitoring.TestSupport;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>Holds what a decorated call allocates beyond the bare one to eng/allocations.json: bytes of each call, no times.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    // A baseline that nobody lowers lets the next loss pass unseen.
    private const double Stale = 16;

    // What the runtime itself may allocate meanwhile, spread over the calls.
    private const double Noise = 0.5;

    private static readonly IReadOnlyDictionary<string, double> Allowed =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Path.Combine(Repository.Root, "eng", "allocations.json")))!;

    public static TheoryData<string> Rows => [.. AllocationRows.All.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Allocates_what_its_baseline_says(string row)
    {
        Allowed.Should().ContainKey(row);
        var (allowed, bytes) = (Allowed[row], AllocationRows.All[row]());
        bytes.Should().BeLessThanOrEqualTo(allowed + Noise, "'{0}' may allocate {1} B a call (eng/allocations.json)", row, allowed);
        bytes.Should().BeGreaterThanOrEqualTo(allowed - Stale, "'{0}' allocates {1:0.0} B a call: lower its baseline of {2} B in eng/allocations.json", row, bytes, allowed);
    }

    [Fact]
    public void Every_baseline_has_a_row() => Allowed.Keys.Should().BeEquivalentTo(AllocationRows.All.Keys);
}
