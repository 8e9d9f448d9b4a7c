using BenchmarkDotNet.Running;
using Monitoring.Benchmarks;
using Monitoring.Benchmarks.Queues;
using Monitoring.Benchmarks.Redis;

if (args is ["redis", var output, var notes])
{
    await RedisCommand.RunAsync(output, notes);
}
else if (args is ["queue", var queueOutput, var queueNotes])
{
    await QueueCommand.RunAsync(queueOutput, queueNotes);
}
else if (args is ["query"])
{
    await QueryCommand.RunAsync();
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
