-- Guarantees one value for each contact and attribute of that rule; of equally frequent ones that of the newest
-- record.
with

source_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__source_records') }}

),

rules as (

    select * from {{ ref('crm_segmentation', 'survivorship_rules') }}
    where rule = 'most_frequent'

),

known_values as (
    {%- for attribute in survivorship_attributes() %}

    select
        source_records.contact_id,
        rules.attribute,
        cast(source_records.{{ attribute }} as {{ dbt.type_string() }}) as attribute_value,
        source_records.newest_rank

    from source_records

    inner join rules on rules.attribute = '{{ attribute }}'

    where source_records.{{ attribute }} is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

counted as (

    select
        contact_id,
        attribute,
        attribute_value,
        count(*) as record_count,
        min(newest_rank) as newest_rank

    from known_values

    group by contact_id, attribute, attribute_value

),

ranked as (

    select
        *,
        row_number() over (
            partition by contact_id, attribute order by record_count desc, newest_rank asc
        ) as frequency_rank

    from counted

),

frequent_values as (

    select
        {%- for attribute, data_type in survivorship_attributes().items() %}
        cast(max(case when attribute = '{{ attribute }}' then attribute_value end) as {{ data_type }}) as {{ attribute }},
        {%- endfor %}
        contact_id

    from ranked

    where frequency_rank = 1

    group by contact_id

)

select * from frequent_values
