using System.Diagnostics;
using System.Globalization;

namespace Monitoring.KillTest;

/// <summary>A worker process that the driver started, and kills or stops by its handle.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    public WorkerProcess(string endPoint, string directory, int taskMilliseconds)
    {
        var start = new ProcessStartInfo("dotnet",
            [typeof(WorkerProcess).Assembly.Location, "worker", endPoint, directory, taskMilliseconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        var log = Path.Combine(directory, $"{_process.Id}.log");
        var writing = new Lock();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
            {
                lock (writing)
                {
                    File.AppendAllText(log, text + Environment.NewLine);
                }
            }
        }

        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether a consumer of the group is this process's: machine, process id and a random part.</summary>
    public bool Has(string consumer) => consumer.Split(':')[1] == _process.Id.ToString(CultureInfo.InvariantCulture);

    public bool HasExited => _process.HasExited;

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <returns>False when it did not end by itself, and without an error, in time.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience);
            return _process.ExitCode == 0;
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return false;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
