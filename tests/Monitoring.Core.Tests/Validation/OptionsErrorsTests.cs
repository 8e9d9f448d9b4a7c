using Monitoring.Validation;

namespace Monitoring.Core.Tests.Validation;

public sealed class OptionsErrorsTests
{
    private readonly OptionsErrors _errors = new("Monitoring");

    [Fact]
    public void Names_key_value_and_range()
    {
        _errors.In("TaskQueue").Range("Capacity", 0, 1, 1000);
        _errors.In("Alerts").In("Thresholds").Range("Delay", TimeSpan.FromHours(2), TimeSpan.Zero, TimeSpan.FromHours(1));
        _errors.Range("Percent", 0.05, 0.1, 100.0);

        _errors.Messages.Should().Equal(
            "Monitoring:TaskQueue:Capacity is 0; allowed: 1 to 1000.",
            "Monitoring:Alerts:Thresholds:Delay is 02:00:00; allowed: 00:00:00 to 01:00:00.",
            "Monitoring:Percent is 0.05; allowed: 0.1 to 100.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Both_ends_of_a_range_belong_to_it(int value)
    {
        _errors.Range("Capacity", value, 1, 1000);

        _errors.Messages.Should().BeEmpty();
    }

    [Fact]
    public void Refuses_what_is_no_number()
    {
        _errors.Range("Percent", double.NaN, 0, 100);

        _errors.Messages.Should().ContainSingle();
    }

    [Fact]
    public void Says_what_is_required()
    {
        _errors.Require(false, "Name", "", "1 to 100 characters");
        _errors.Require(false, "Url", null, "an absolute address");
        _errors.Require(true, "Secret", null, "anything");

        _errors.Messages.Should().Equal("Monitoring:Name is ''; allowed: 1 to 100 characters.", "Monitoring:Url is not set; allowed: an absolute address.");
    }
}
