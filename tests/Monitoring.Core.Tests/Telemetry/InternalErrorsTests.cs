using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Monitoring.Core.Tests.Telemetry;

public sealed class InternalErrorsTests
{
    private readonly ILogger _logger = Substitute.For<ILogger>();
    private readonly FakeClock _clock = new();
    private readonly InternalErrors _errors;

    public InternalErrorsTests()
    {
        _logger.IsEnabled(LogLevel.Error).Returns(true);
        _errors = new InternalErrors(_logger, _clock);
    }

    private int Logged => _logger.ReceivedCalls().Count(call => call.GetMethodInfo().Name == nameof(ILogger.Log));

    [Fact]
    public void Counts_every_error_and_logs_a_kind_once_a_minute()
    {
        for (var second = 0; second < 120; second++)
        {
            _errors.Report("loop", new IOException());
            _errors.Report("collect", new IOException());
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _errors.Count.Should().Be(240);
        Logged.Should().Be(4);
    }

    [Fact]
    public void Tells_a_bounded_number_of_kinds_apart()
    {
        for (var kind = 0; kind < 1000; kind++)
        {
            _errors.Report($"kind {kind}", new IOException());
        }

        _errors.Count.Should().Be(1000);
        Logged.Should().Be(64);
    }

    [Fact]
    public void A_logger_that_throws_is_counted_and_does_not_reach_the_caller()
    {
        _logger.WhenForAnyArgs(logger => logger.Log(default, default, default(object)!, default, default!)).Throw(new IOException());
        _logger.IsEnabled(Arg.Any<LogLevel>()).Throws(new IOException());

        _errors.Invoking(errors => errors.Report("loop", new IOException())).Should().NotThrow();

        _errors.Count.Should().Be(2);
    }

    [Fact]
    public async Task Loses_no_count_under_threads()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    _errors.Report("loop", new IOException());
                }
            },
            TaskCreationOptions.LongRunning)));

        _errors.Count.Should().Be(40_000);
    }
}
