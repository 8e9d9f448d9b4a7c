namespace Monitoring.History;

/// <summary>
/// Numbers from zero on in two bytes: six bits of exponent and ten of mantissa, the upper bits of a <see cref="float"/> with another
/// bias. A value is within 0.05 % from 6·10⁻⁸ up to 10¹²; less is zero and more is the largest. Whole numbers up to 2,048 are exact.
/// </summary>
internal static class CompactFloat
{
    /// <summary>Stands for no value.</summary>
    public const ushort None = ushort.MaxValue;

    private const int Mantissa = 10;
    private const int Dropped = 23 - Mantissa;
    private const int Bias = (127 - 24) << Mantissa;

    /// <summary>The nearest code of a finite value; what is below zero is zero.</summary>
    public static ushort Encode(double value)
    {
        if (!(value > 0))
        {
            return 0;
        }

        // Half a step added before the lower bits are cut off: rounds to nearest. It may carry into the exponent, which is right.
        var bits = BitConverter.SingleToUInt32Bits((float)value) + (1u << (Dropped - 1));
        return (ushort)Math.Clamp((int)(bits >> Dropped) - Bias, 0, None - 1);
    }

    /// <summary>The value of a code; NaN for <see cref="None"/>.</summary>
    public static double Decode(ushort code) => code switch
    {
        0 => 0,
        None => double.NaN,
        _ => BitConverter.UInt32BitsToSingle((uint)(code + Bias) << Dropped),
    };
}
