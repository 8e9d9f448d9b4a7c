using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;

namespace Monitoring.Documentation.Tests;

/// <summary>The code blocks of docs/task-queue.md, compiled. Each stands there word for word, between its two marks.</summary>
internal static class TaskQueueSnippets
{
    public static void RegisterQueue(WebApplicationBuilder builder)
    {
        // snippet: queue
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"))
            .AddTaskQueue(o => o.Types["export"] = new TaskTypeOptions { MaxConcurrency = 2, Timeout = TimeSpan.FromMinutes(5) })
            .AddTaskHandler<SendMail, SendMailHandler>();
        // end
    }

    public static async Task<EnqueueOutcome> EnqueueAsync(IBackgroundTaskQueue queue, Func<CancellationToken, Task> WriteReportAsync)
    {
        // snippet: enqueue
        await queue.EnqueueAsync(new SendMail("a@example.org"), TaskPriority.High);

        BackgroundTask report = BackgroundTask.Create(async token => await WriteReportAsync(token), TaskPriority.Low, "export");
        report.DeduplicationKey = "report 7";
        report.Delay = TimeSpan.FromMinutes(10);
        EnqueueOutcome outcome = await queue.EnqueueAsync(report);
        // end

        return outcome;
    }

    public static async Task<int> RedriveAsync(IPerformanceMonitor monitor)
    {
        // snippet: redrive
        IManagedTaskQueue tasks = monitor.TaskQueue.ManagedQueues.Single(managed => managed.Name == "tasks");
        foreach (DeadLetter letter in await tasks.GetDeadLettersAsync(count: 20))
        {
            Console.WriteLine($"{letter.At:u} {letter.TypeName} after {letter.Attempts} attempts: {letter.ExceptionType}: {letter.Message}");
        }

        int redriven = await tasks.RedriveAsync();
        // end

        return redriven;
    }

    public static void TellFailures(IPerformanceMonitor monitor)
    {
        // snippet: failures
        TaskQueueSummary summary = monitor.GetTaskQueueSummary(TimeSpan.FromMinutes(5));
        foreach (TaskTypeSummary type in summary.Types.Where(type => type.RecentFailures.Count > 0))
        {
            TaskFailure last = type.RecentFailures[0];
            Console.WriteLine($"{type.Name}: {type.Failed} given up; last {last.ExceptionType}: {last.Message}");
        }
        // end
    }

    private sealed record SendMail(string To);

    private sealed class SendMailHandler : ITaskHandler<SendMail>
    {
        public ValueTask HandleAsync(SendMail message, TaskContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
