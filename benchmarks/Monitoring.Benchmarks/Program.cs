using BenchmarkDotNet.Running;
using Monitoring.Benchmarks.Redis;

if (args is ["redis", var output, var notes])
{
    await RedisCommand.RunAsync(output, notes);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
