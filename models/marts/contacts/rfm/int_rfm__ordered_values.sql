with

measures as (

    select * from {{ ref('contact_rfm_measures') }}

),

measured_values as (

    {%- for measure, column in {'recency': 'recency_days', 'frequency': 'frequency', 'monetary': 'monetary'}.items() %}

    select
        '{{ measure }}' as measure,
        cast({{ column }} as numeric(18, 2)) as measured_value

    from measures
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

ordered_values as (

    select
        measure,
        measured_value,
        row_number() over (partition by measure order by measured_value asc) - 1 as value_position,
        count(*) over (partition by measure) as customer_count

    from measured_values

)

select * from ordered_values
