using Monitoring.Cli;
using Spectre.Console;

return await CommandLine.RunAsync(args, AnsiConsole.Console, Console.Error, Environment.GetEnvironmentVariable).ConfigureAwait(false);
