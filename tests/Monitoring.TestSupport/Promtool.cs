using System.Diagnostics;

namespace Monitoring.TestSupport;

/// <summary>Prometheus' own judge of metrics and rules. A test that needs it fails where it is missing, and says what to install.</summary>
public static class Promtool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs promtool; the answer is what it printed.</summary>
    /// <param name="input">What it reads from its input; null for nothing.</param>
    /// <param name="arguments">What it is to do.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(byte[]? input, params string[] arguments)
    {
        using var process = Start(arguments);
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input ?? [], patience.Token);
        }
        catch (IOException)
        {
            // It ended before it had read everything; what it printed says why.
        }

        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return (process.ExitCode, await output + await error);
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException("promtool is missing; install it with: apt-get install prometheus", exception);
        }
    }
}
