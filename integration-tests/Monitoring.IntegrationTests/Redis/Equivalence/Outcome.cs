namespace Monitoring.IntegrationTests.Redis.Equivalence;

/// <summary>How a call ended, as text that can be compared: what it returned, or what it threw and whether at once or by its task.</summary>
internal static class Outcome
{
    // What never ends is an outcome too, and to be the same for both.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<string> OfAsync(Func<object?> call)
    {
        object? result;
        try
        {
            result = call();
        }
        catch (Exception exception)
        {
            return $"threw {Rendering.Of(exception)}";
        }

        return result is Task task ? await OfTaskAsync(task) : $"returned {Rendered(result)}";
    }

    private static async Task<string> OfTaskAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (Exception exception)
        {
            return $"{task.Status} {Rendering.Of(exception)}";
        }

        // A task without a result has one all the same, of a type of the runtime's own.
        var result = task.GetType().GetProperty("Result") is { PropertyType.IsVisible: true } property ? property.GetValue(task) : null;
        return $"{task.Status} {Rendered(result)}, state {task.AsyncState ?? "none"}";
    }

    // A sequence is fetched while it is rendered, and may fail then.
    private static string Rendered(object? result)
    {
        try
        {
            return Rendering.Of(result);
        }
        catch (Exception exception)
        {
            return $"then threw {Rendering.Of(exception)}";
        }
    }
}
