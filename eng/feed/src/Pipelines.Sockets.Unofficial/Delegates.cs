namespace Pipelines.Sockets.Unofficial;

/// <summary>Walks the handlers of a multicast delegate without allocating their array.</summary>
public static class Delegates
{
    /// <summary>Whether <paramref name="handler"/> has exactly one handler.</summary>
    /// <param name="handler">The delegate, or <see langword="null"/>.</param>
    public static bool IsSingle(MulticastDelegate? handler) => handler is { HasSingleTarget: true };

    /// <summary>The handlers of <paramref name="handler"/>, in order of subscription.</summary>
    /// <typeparam name="TDelegate">The handler's type.</typeparam>
    /// <param name="handler">The delegate; <see langword="null"/> has no handlers.</param>
    public static DelegateEnumerable<TDelegate> AsEnumerable<TDelegate>(TDelegate? handler)
        where TDelegate : MulticastDelegate
        => new(handler);

    /// <summary>The handlers of a delegate.</summary>
    /// <typeparam name="TDelegate">The handler's type.</typeparam>
    public readonly struct DelegateEnumerable<TDelegate>
        where TDelegate : MulticastDelegate
    {
        private readonly TDelegate? _handler;

        internal DelegateEnumerable(TDelegate? handler) => _handler = handler;

        /// <summary>Enumerates the handlers.</summary>
        public DelegateEnumerator<TDelegate> GetEnumerator() => new(_handler);
    }

    /// <summary>
    /// Enumerates the handlers of a delegate. Disposable, for callers compiled against that call it through a
    /// constrained prefix, which no list of signatures shows.
    /// </summary>
    /// <typeparam name="TDelegate">The handler's type.</typeparam>
    public struct DelegateEnumerator<TDelegate> : IDisposable
        where TDelegate : MulticastDelegate
    {
        private Delegate.InvocationListEnumerator<TDelegate> _handlers;

        internal DelegateEnumerator(TDelegate? handler) => _handlers = Delegate.EnumerateInvocationList(handler);

        /// <summary>The handler that the last <see cref="MoveNext"/> reached.</summary>
        public readonly TDelegate Current => _handlers.Current;

        /// <summary>Goes on to the next handler; <see langword="false"/> when there is none.</summary>
        public bool MoveNext() => _handlers.MoveNext();

        /// <summary>Does nothing.</summary>
        public readonly void Dispose()
        {
        }
    }
}
