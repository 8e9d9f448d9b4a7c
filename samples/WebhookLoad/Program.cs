using System.Runtime.InteropServices;
using WebhookLoad;

// Called by eng/demo, which checks the arguments: URL RATE SECONDS (0: until Ctrl-C) EXPECT-OUTAGE.
var service = new Uri(args[0]);
var rate = int.Parse(args[1], null);
var seconds = int.Parse(args[2], null);
var expectOutage = args[3] == "outage";

var interrupted = false;
using var stop = new CancellationTokenSource();
using var pressed = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var api = new MonitoringApi(service, Environment.GetEnvironmentVariable("Monitoring__Api__AdminKey")!);
using var sender = new WebhookSender(service, Environment.GetEnvironmentVariable("GitHub__Secret")!);
long before;
try
{
    before = await api.GetProcessedAsync();
}
catch (Exception exception) when (MonitoringApi.IsAway(exception))
{
    Console.Error.WriteLine($"demo: the service at {service} cannot use its Redis: {exception.Message}");
    return 1;
}

await sender.WarmUpAsync();
if (seconds > 0)
{
    stop.CancelAfter(TimeSpan.FromSeconds(seconds));
}

var watch = new ConditionWatch(api, sender);
using var done = new CancellationTokenSource();
var watching = watch.RunAsync(done.Token);
await sender.RunAsync(rate, stop.Token);
await done.CancelAsync();
await watching;

return await Verdict.ReachAsync(api, sender, watch, before, expectOutage && !interrupted) ? 0 : 1;

void Stop(PosixSignalContext signal)
{
    // The run ends, the program goes on to its summary.
    signal.Cancel = true;
    interrupted = true;
    stop.Cancel();
}
