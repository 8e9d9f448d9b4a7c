namespace Monitoring.Redis;

/// <summary>
/// The counters of one order of a space-saving sketch, as a binary heap with the smallest estimate on top. A pattern that
/// comes when all counters are taken gets the smallest one and inherits its estimate, by which its own may be too high.
/// Adding takes time logarithmic in the capacity and allocates nothing once the heap is full. For one thread at a time.
/// </summary>
internal sealed class SpaceSavingHeap(int order, int capacity)
{
    private readonly List<CountedPattern> _heap = [];

    /// <summary>What a pattern that is not here can have at most.</summary>
    public double Minimum => _heap.Count < capacity ? 0 : _heap[0].Estimate[order];

    /// <summary>Adds to a pattern's estimate; returns the pattern that lost its counter to it, if one did.</summary>
    public CountedPattern? Add(CountedPattern pattern, double weight)
    {
        if (pattern.IsIn(order))
        {
            pattern.Estimate[order] += weight;
            SiftDown(pattern, pattern.PositionIn(order));
            return null;
        }

        if (_heap.Count < capacity)
        {
            pattern.Estimate[order] = weight;
            _heap.Add(pattern);
            SiftUp(pattern, _heap.Count - 1);
            return null;
        }

        var loser = _heap[0];
        loser.Leave(order);
        pattern.Estimate[order] = loser.Estimate[order] + weight;
        SiftDown(pattern, 0);
        return loser;
    }

    public void Clear() => _heap.Clear();

    private void SiftUp(CountedPattern pattern, int position)
    {
        while (position > 0 && _heap[(position - 1) / 2] is var parent && parent.Estimate[order] > pattern.Estimate[order])
        {
            Put(parent, position);
            position = (position - 1) / 2;
        }

        Put(pattern, position);
    }

    private void SiftDown(CountedPattern pattern, int position)
    {
        for (var child = (2 * position) + 1; child < _heap.Count; child = (2 * position) + 1)
        {
            if (child + 1 < _heap.Count && _heap[child + 1].Estimate[order] < _heap[child].Estimate[order])
            {
                child++;
            }

            if (_heap[child].Estimate[order] >= pattern.Estimate[order])
            {
                break;
            }

            Put(_heap[child], position);
            position = child;
        }

        Put(pattern, position);
    }

    private void Put(CountedPattern pattern, int position)
    {
        _heap[position] = pattern;
        pattern.MoveTo(order, position);
    }
}
