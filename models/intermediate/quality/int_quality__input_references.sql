-- What erased people wrote is emptied before it is read.
-- depends_on: {{ ref('crm_segmentation', 'int_identity__erased_visitors') }}

with

{{ target_keys() }}
{%- for reference in input_references() %}

named_{{ loop.index }} as (

    {{ named_keys(reference) }}

),
{%- endfor %}

references_found as (

    {%- for reference in input_references() %}

    select
        '{{ reference.check_name }}' as check_name,
        '{{ reference.raw_table }}' as raw_table,
        '{{ reference.target }}' as target_name,
        named_{{ loop.index }}.source_system,
        case when {{ reference.target }}_targets.target_key is null then named_{{ loop.index }}.reference_key end as missing_key,
        cast(sum(named_{{ loop.index }}.row_count) as bigint) as row_count

    from named_{{ loop.index }}

    left join {{ reference.target }}_targets
        on
            named_{{ loop.index }}.target_system = {{ reference.target }}_targets.target_system
            and named_{{ loop.index }}.reference_key = {{ reference.target }}_targets.target_key

    group by
        named_{{ loop.index }}.source_system,
        case when {{ reference.target }}_targets.target_key is null then named_{{ loop.index }}.reference_key end
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from references_found
