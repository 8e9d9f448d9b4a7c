namespace Monitoring.TaskQueues.Processing;

/// <summary>What is kept of an exception: text only, so that nothing that hangs on it is kept alive. Never throws.</summary>
internal readonly record struct ExceptionText(string Type, string Message)
{
    private const int MessageLimit = 1000;
    private const int StackTraceLimit = 8000;

    public static ExceptionText Of(Exception exception)
    {
        var outer = Unwrap(exception);
        return new ExceptionText(outer.GetType().FullName ?? outer.GetType().Name, Cut(Read(outer, static error => error.Message), MessageLimit));
    }

    public static string? StackTraceOf(Exception exception) =>
        Read(Unwrap(exception), static error => error.StackTrace) is { Length: > 0 } trace ? Cut(trace, StackTraceLimit) : null;

    private static Exception Unwrap(Exception exception) =>
        exception is AggregateException { InnerExceptions: [var single] } ? single : exception;

    private static string Read(Exception exception, Func<Exception, string?> property)
    {
        try
        {
            return property(exception) ?? "";
        }
        catch (Exception)
        {
            // The getter is the application's code.
            return "";
        }
    }

    // Not between the two halves of a character outside the basic plane: half a character is no valid text in JSON.
    private static string Cut(string text, int limit) =>
        text.Length <= limit ? text : text[..(char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit)];
}
