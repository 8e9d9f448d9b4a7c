using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

public sealed class TaskQueueRegistrationTests
{
    [Fact]
    public async Task A_message_reaches_its_handler_in_a_scope_of_its_own()
    {
        var inbox = new Inbox();
        using var host = Build(monitoring => monitoring.AddTaskQueue().AddTaskHandler<Greeting, GreetingHandler>(), services => services.AddSingleton(inbox).AddScoped<ScopeMark>());
        await host.StartAsync();
        var queue = host.Services.GetRequiredService<IBackgroundTaskQueue>();

        await queue.EnqueueAsync(new Greeting("hello"), TaskPriority.High);
        await queue.EnqueueAsync(new Greeting("again"));
        await host.StopAsync();

        inbox.Greetings.Select(greeting => greeting.Text).Should().BeEquivalentTo("hello", "again");
        inbox.Greetings.Select(greeting => greeting.Context.Priority).Should().BeEquivalentTo([TaskPriority.High, TaskPriority.Normal]);
        inbox.Greetings.Select(greeting => greeting.Scope).Should().OnlyHaveUniqueItems().And.OnlyContain(scope => scope.IsDisposed);
        inbox.Greetings.Select(greeting => greeting.Context.Id).Should().OnlyHaveUniqueItems();
        var summary = host.Services.GetRequiredService<IPerformanceMonitor>().GetTaskQueueSummary();
        summary.Types.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "Greeting", Completed = 2 });
    }

    [Fact]
    public async Task A_queue_that_was_there_before_keeps_its_place_and_its_tasks()
    {
        var first = new BoundedTaskQueue(new TaskQueueOptions(), name: "first");
        using var host = Build(monitoring => monitoring.AddTaskQueue(), services => services.AddSingleton<IBackgroundTaskQueue>(first));
        await host.StartAsync();

        host.Services.GetRequiredService<IBackgroundTaskQueue>().Should().BeSameAs(first);
        first.TryEnqueue(BackgroundTask.Create(_ => ValueTask.CompletedTask)).Should().BeTrue();
        var ran = new TaskCompletionSource();
        await host.Services.GetRequiredKeyedService<IBackgroundTaskQueue>(TaskQueueMonitor.DefaultQueue).QueueBackgroundWorkItemAsync(_ =>
        {
            ran.SetResult();
            return ValueTask.CompletedTask;
        });
        await ran.Task;
        await host.StopAsync();

        first.GetDepth().Total.Should().Be(1, "the processor is not its own");
    }

    [Fact]
    public async Task A_message_without_a_handler_is_refused_when_it_is_enqueued()
    {
        using var host = Build(monitoring => monitoring.AddTaskQueue());
        var queue = host.Services.GetRequiredService<IBackgroundTaskQueue>();

        await queue.Invoking(q => q.EnqueueAsync(new Greeting("hello")).AsTask()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*Greeting*AddTaskHandler*");
    }

    [Fact]
    public void A_message_has_one_handler()
    {
        var services = new ServiceCollection();
        var monitoring = services.AddMonitoring().AddTaskHandler<Greeting, GreetingHandler>().AddTaskHandler<Greeting, GreetingHandler>();

        monitoring.Invoking(builder => builder.AddTaskHandler<Greeting, OtherHandler>()).Should().Throw<InvalidOperationException>().WithMessage("*Greeting*handler already*");
    }

    [Fact]
    public void The_delegate_overrides_the_configuration_and_leaves_the_rest_of_it()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Monitoring:TaskQueue:Capacity"] = "7",
            ["Monitoring:TaskQueue:Workers"] = "3",
            ["Monitoring:TaskQueue:FullMode"] = "Reject",
            ["Monitoring:TaskQueue:TaskTimeout"] = "00:00:05",
            ["Monitoring:Backpressure:DepthPercent"] = "70",
        }).Build();
        var services = new ServiceCollection();
        services.AddMonitoring(configuration.GetSection("Monitoring")).AddTaskQueue(options => options.Capacity = 9);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<MonitoringOptions>>().Value;

        options.TaskQueue.Should().BeEquivalentTo(new { Capacity = 9, Workers = 3, FullMode = TaskQueueFullMode.Reject, TaskTimeout = TimeSpan.FromSeconds(5) });
        options.Backpressure.DepthPercent.Should().Be(70);
        provider.GetRequiredService<BoundedTaskQueue>().Capacity.Should().Be(9);
        provider.GetServices<IHostedService>().OfType<TaskProcessor>().Should().ContainSingle()
            .Which.Should().BeSameAs(provider.GetRequiredService<TaskProcessor>());
    }

    [Fact]
    public void Added_twice_it_is_there_once()
    {
        using var host = Build(monitoring => monitoring.AddTaskQueue().AddTaskQueue());

        host.Services.GetServices<IHostedService>().OfType<TaskProcessor>().Should().ContainSingle();
        host.Services.GetServices<IBackgroundTaskQueue>().Should().ContainSingle();
    }

    [Fact]
    public async Task A_wrong_value_stops_the_host_with_its_key_and_range()
    {
        using var host = Build(monitoring => monitoring.AddTaskQueue(options => options.Workers = 0));

        await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<OptionsValidationException>()
            .WithMessage("*Monitoring:TaskQueue:Workers is 0; allowed: 1 to 1024.*");
    }

    private static IHost Build(Action<IMonitoringBuilder> configure, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services.AddMonitoring());
        services?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed record Greeting(string Text);

    private sealed class ScopeMark : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Inbox
    {
        public System.Collections.Concurrent.ConcurrentBag<(string Text, TaskContext Context, ScopeMark Scope)> Greetings { get; } = [];
    }

    private sealed class GreetingHandler(Inbox inbox, ScopeMark scope) : ITaskHandler<Greeting>
    {
        public ValueTask HandleAsync(Greeting message, TaskContext context, CancellationToken cancellationToken)
        {
            inbox.Greetings.Add((message.Text, context, scope));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OtherHandler : ITaskHandler<Greeting>
    {
        public ValueTask HandleAsync(Greeting message, TaskContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
