using System.Globalization;

namespace Monitoring.KillTest;

internal static class KillTestProgram
{
    private static async Task<int> Main(string[] args)
    {
        // Without a mode: the driver. "worker ENDPOINT DIRECTORY" is one of the processes that it starts and kills.
        if (args is ["worker", var endPoint, var directory, var milliseconds])
        {
            await Worker.RunAsync(endPoint, directory, int.Parse(milliseconds, CultureInfo.InvariantCulture));
            return 0;
        }

        var options = new KillTestOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 0;
            switch (args[i])
            {
                case "--tasks" when value is > 0 and <= 1_000_000:
                    options = options with { Tasks = value };
                    break;
                case "--workers" when value is > 0 and <= 16:
                    options = options with { Workers = value };
                    break;
                case "--kill-every" when value is > 0 and <= 3600:
                    options = options with { KillEvery = TimeSpan.FromSeconds(value) };
                    break;
                case "--task-milliseconds" when value is > 0 and <= 10_000:
                    options = options with { TaskMilliseconds = value };
                    break;
                default:
                    await Console.Error.WriteLineAsync(
                        $"kill-test: '{string.Join(' ', args[i..])}' is not understood; usage: eng/kill-test [--tasks 1..1000000] [--workers 1..16] [--kill-every SECONDS] [--task-milliseconds 1..10000]");
                    return 2;
            }

            i++;
        }

        return (await Driver.RunAsync(options, Console.Out)).Passed ? 0 : 1;
    }
}
