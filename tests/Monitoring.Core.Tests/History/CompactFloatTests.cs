using Monitoring.History;

namespace Monitoring.Core.Tests.History;

public class CompactFloatTests
{
    [Fact]
    public void A_value_comes_back_within_a_twentieth_of_a_percent()
    {
        for (var value = 1e-7; value < 1e12; value *= 1.0007)
        {
            CompactFloat.Decode(CompactFloat.Encode(value)).Should().BeApproximately(value, value * 0.0005);
        }
    }

    [Fact]
    public void Small_whole_numbers_are_exact()
    {
        for (var value = 0; value <= 2048; value++)
        {
            CompactFloat.Decode(CompactFloat.Encode(value)).Should().Be(value);
        }
    }

    [Fact]
    public void A_greater_value_never_has_a_smaller_code()
    {
        var before = CompactFloat.Encode(0);
        for (var value = 1e-9; value < 1e15; value *= 1.0003)
        {
            var code = CompactFloat.Encode(value);
            code.Should().BeGreaterThanOrEqualTo(before).And.NotBe(CompactFloat.None);
            before = code;
        }
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(1e-12, 0)]
    public void What_is_below_the_range_is_zero(double value, double expected) =>
        CompactFloat.Decode(CompactFloat.Encode(value)).Should().Be(expected);

    [Theory]
    [InlineData(1e13)]
    [InlineData(double.MaxValue)]
    public void What_is_above_the_range_is_its_end(double value) =>
        CompactFloat.Decode(CompactFloat.Encode(value)).Should().BeInRange(1e12, 1.2e12);

    [Fact]
    public void Nothing_is_no_number() => CompactFloat.Decode(CompactFloat.None).Should().Be(double.NaN);
}
