using Monitoring.Cli;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // Who reads it is no terminal of eighty columns: a line for each row.
    AnsiConsole.Profile.Width = 1000;
}

return await CommandLine.RunAsync(args, AnsiConsole.Console, Console.Error, Environment.GetEnvironmentVariable).ConfigureAwait(false);
