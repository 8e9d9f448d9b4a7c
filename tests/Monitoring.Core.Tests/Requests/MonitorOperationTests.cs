using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Requests;

namespace Monitoring.Core.Tests.Requests;

public class MonitorOperationTests
{
    public interface IAssessor : IDisposable
    {
        [MonitorOperation("assess")]
        Task<int> AssessAsync(int value);

        [MonitorOperation]
        Task StoreAsync();

        ValueTask<string> NameAsync();

        ValueTask PingAsync();

        [MonitorOperation("sum")]
        int Sum(int left, ref int right, out int product);

        [MonitorOperation("generic")]
        Task<T> EchoAsync<T>(T value);

        int Plain();
    }

    [Fact]
    public async Task Marked_methods_are_operations_and_others_are_not()
    {
        await using var provider = Build();
        var assessor = provider.GetRequiredService<IAssessor>();
        var right = 3;

        (await assessor.AssessAsync(20)).Should().Be(21);
        await assessor.StoreAsync();
        (await assessor.NameAsync()).Should().Be("anna");
        await assessor.PingAsync();
        assessor.Sum(2, ref right, out var product).Should().Be(5);
        (right, product).Should().Be((4, 6));
        (await assessor.EchoAsync("x")).Should().Be("x");
        assessor.Plain().Should().Be(1);

        Names(provider).Should().BeEquivalentTo(["assess", "IAssessor.StoreAsync", "name", "ping", "sum", "generic"]);
        provider.GetRequiredService<IPerformanceMonitor>().GetRequestSummary().Failures.Should().Be(0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-2)]
    public async Task An_exception_is_a_failure_and_comes_out_as_it_is(int value)
    {
        await using var provider = Build();
        var assessor = provider.GetRequiredService<IAssessor>();

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(async () => await assessor.AssessAsync(value));

        thrown.Should().BeSameAs(Assessor.Thrown);
        var summary = provider.GetRequiredService<IPerformanceMonitor>().GetRequestSummary();
        (summary.Count, summary.Failures, summary.InFlight).Should().Be((1, 1, 0));
    }

    [Fact]
    public async Task The_callers_activity_is_its_own_while_the_task_runs()
    {
        await using var provider = Build();
        using var outside = new Activity("outside").Start();

        var task = provider.GetRequiredService<IAssessor>().StoreAsync();

        Activity.Current.Should().Be(outside);
        await task;
        Assessor.Seen.Should().Be("IAssessor.StoreAsync");
    }

    [Fact]
    public void The_service_keeps_its_lifetime_and_is_disposed_of()
    {
        Assessor first;
        using (var provider = Build())
        {
            using var scope = provider.CreateScope();
            var assessor = scope.ServiceProvider.GetRequiredService<IAssessor>();
            assessor.Should().BeSameAs(scope.ServiceProvider.GetRequiredService<IAssessor>()).And.NotBeSameAs(provider.GetRequiredService<IAssessor>());
            assessor.Plain();
            first = Assessor.Last!;
        }

        first.Disposed.Should().BePositive();
    }

    [Fact]
    public void What_cannot_be_decorated_is_said()
    {
        var builder = new ServiceCollection().AddMonitoring();

        builder.Invoking(monitoring => monitoring.MonitorOperations<IAssessor>()).Should().Throw<InvalidOperationException>().WithMessage("*register the service before*");
        builder.Invoking(monitoring => monitoring.MonitorOperations<Assessor>()).Should().Throw<InvalidOperationException>().WithMessage("*no interface*");
        builder.Services.AddSingleton<IComparable>("text");
        builder.MonitorOperations<IComparable>();
        using var provider = builder.Services.BuildServiceProvider();
        provider.Invoking(services => services.GetRequiredService<IComparable>()).Should().Throw<InvalidOperationException>().WithMessage("No method of System.IComparable*");
    }

    private static ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddScoped<IAssessor, Assessor>();
        services.AddMonitoring().MonitorOperations<IAssessor>();
        return services.BuildServiceProvider();
    }

    private static IEnumerable<string> Names(IServiceProvider provider) =>
        provider.GetRequiredService<IPerformanceMonitor>().GetRequestSummary().Endpoints.Select(endpoint => endpoint.Name);

    public sealed class Assessor : IAssessor
    {
        [ThreadStatic]
        private static Assessor? LastOfThread;

        public static InvalidOperationException Thrown { get; } = new("wrong");

        public static Assessor? Last => LastOfThread;

        public static string? Seen { get; private set; }

        public int Disposed { get; private set; }

        public async Task<int> AssessAsync(int value)
        {
            if (value == -2)
            {
                throw Thrown;
            }

            await Task.Yield();
            return value == -1 ? throw Thrown : value + 1;
        }

        public async Task StoreAsync()
        {
            await Task.Yield();
            Seen = OperationScope.Find(Activity.Current)?.Name;
        }

        [MonitorOperation("name")]
        public async ValueTask<string> NameAsync()
        {
            await Task.Yield();
            return "anna";
        }

        [MonitorOperation("ping")]
        public ValueTask PingAsync() => ValueTask.CompletedTask;

        public int Sum(int left, ref int right, out int product)
        {
            product = left * right;
            return left + right++;
        }

        public Task<T> EchoAsync<T>(T value) => Task.FromResult(value);

        public int Plain()
        {
            LastOfThread = this;
            return 1;
        }

        public void Dispose() => Disposed++;
    }
}
