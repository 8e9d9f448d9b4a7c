using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Probes;

/// <summary>A program that uses a queueing system as its users do: a command in, an answer in JSON out. Its workers are its children.</summary>
internal sealed class QueueDriver : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "integration-tests", "Monitoring.IntegrationTests", "Probes", "Drivers");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private QueueDriver(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
    }

    /// <param name="program">The interpreter.</param>
    /// <param name="remedy">What prepares it: an argument of eng/prepare.</param>
    /// <param name="script">The script, below the folder of the drivers.</param>
    /// <param name="arguments">Its arguments.</param>
    public static QueueDriver Start(string program, string remedy, string script, params object[] arguments)
    {
        try
        {
            var path = Path.Combine(Folder, script);
            return new QueueDriver(Process.Start(new ProcessStartInfo(program, [path, .. arguments.Select(static argument => argument.ToString()!)])
            {
                WorkingDirectory = Path.GetDirectoryName(path),
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"'{program}' cannot be started here; install it with: eng/prepare {remedy}", exception);
        }
    }

    public async Task<JsonElement> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"The driver ended on '{command}'; if its packages are missing, eng/prepare installs them. {Errors}");
        var answer = JsonDocument.Parse(line).RootElement;
        return answer.TryGetProperty("error", out var error) ? throw new InvalidOperationException($"'{command}': {error} {Errors}") : answer;
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends it and its workers.
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(LeavePatience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }
}
