namespace Pipelines.Sockets.Unofficial.Arenas;

public readonly partial struct Sequence<T>
{
    /// <summary>Enumerates the elements by reference. Not a ref struct: callers keep it in fields and pass it by reference.</summary>
    public struct Enumerator
    {
        private readonly Sequence<T> _sequence;
        private int _next;

        internal Enumerator(Sequence<T> sequence) => _sequence = sequence;

        /// <summary>The element that the last <see cref="MoveNext"/> reached.</summary>
        public readonly ref T Current => ref _sequence[_next - 1];

        /// <summary>Goes on to the next element; <see langword="false"/> when there is none.</summary>
        public bool MoveNext()
        {
            if (_next >= _sequence._length)
                return false;
            _next++;
            return true;
        }

        /// <summary>Goes on to the next element and returns it.</summary>
        /// <exception cref="InvalidOperationException">There is no next element.</exception>
        public ref T GetNext()
        {
            if (!MoveNext())
                throw new InvalidOperationException("The sequence has no further element.");
            return ref Current;
        }
    }

    /// <summary>The spans of a slice: one, or none when it is empty.</summary>
    public readonly struct SpanEnumerable
    {
        private readonly Sequence<T> _sequence;

        internal SpanEnumerable(Sequence<T> sequence) => _sequence = sequence;

        /// <summary>Enumerates the spans.</summary>
        public SpanEnumerator GetEnumerator() => new(_sequence);
    }

    /// <summary>Enumerates the spans of a slice.</summary>
    public struct SpanEnumerator
    {
        private readonly Sequence<T> _sequence;
        private bool _done;

        internal SpanEnumerator(Sequence<T> sequence) => _sequence = sequence;

        /// <summary>The span that the last <see cref="MoveNext"/> reached.</summary>
        public readonly Span<T> Current => _sequence.FirstSpan;

        /// <summary>Goes on to the next span; <see langword="false"/> when there is none.</summary>
        public bool MoveNext()
        {
            if (_done || _sequence.IsEmpty)
                return false;
            _done = true;
            return true;
        }
    }
}
