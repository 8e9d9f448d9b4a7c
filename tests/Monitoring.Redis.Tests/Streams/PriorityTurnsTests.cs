using Monitoring.Redis.Streams;

namespace Monitoring.Redis.Tests.Streams;

public sealed class PriorityTurnsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Turns_add_up_to_the_weights_however_they_are_taken(int atOnce)
    {
        var turns = new PriorityTurns(16, 4, 1);
        var sums = new int[3];
        for (var taken = 0; taken < 21 * atOnce; taken += atOnce)
        {
            var shares = turns.Take(atOnce);
            shares.Sum().Should().Be(atOnce);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += shares[i];
            }
        }

        sums.Should().Equal(16 * atOnce, 4 * atOnce, atOnce);
    }

    [Fact]
    public void Turns_of_the_less_urgent_are_spread_evenly()
    {
        var turns = new PriorityTurns(16, 4, 1);

        var normal = Enumerable.Range(0, 42).Where(_ => turns.Take(1)[1] == 1).ToArray();

        normal.Should().HaveCount(8);
        normal.Zip(normal.Skip(1), static (earlier, later) => later - earlier).Should().OnlyContain(gap => gap >= 4 && gap <= 7);
    }
}
