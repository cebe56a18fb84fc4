{{ config(enabled=var('metrics') is true) }}

{# Four digits of a number in base ten, and a fifth up to 3: 1970-01-01 to 2079-07-06. -#}
with

digits as (
    {% for digit in range(10) %}
    select {{ digit }} as digit
    {{- ' union all' if not loop.last }}
    {%- endfor %}

),

numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * ten_thousands.digit as day_number

    from digits as ones

    cross join digits as tens

    cross join digits as hundreds

    cross join digits as thousands

    cross join digits as ten_thousands

    where ten_thousands.digit <= 3

),

days as (

    select {{ add_days("cast('1970-01-01' as date)", 'day_number') }} as calendar_day

    from numbers

)

select * from days
