with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

catalogue as (

    {{ segment_rows() | indent(4) }}

),

contact_counts as (

    select
        segment_name,
        count(*) as contact_count

    from memberships

    group by segment_name

),

definitions as (

    select
        {%- for column in ['segment_name', 'label', 'model', 'goal', 'offer', 'framing', 'channels'] %}
        cast(catalogue.{{ column }} as {{ dbt.type_string() }}) as {{ column }},
        {%- endfor %}
        cast(catalogue.priority as {{ dbt.type_int() }}) as priority,
        cast(catalogue.exclusive_group as {{ dbt.type_string() }}) as exclusive_group,
        cast(catalogue.criteria_count as {{ dbt.type_int() }}) as criteria_count,
        cast(catalogue.criteria as {{ dbt.type_string() }}) as criteria,
        cast(catalogue.definition_version as {{ dbt.type_string() }}) as definition_version,
        cast(catalogue.department as {{ dbt.type_string() }}) as department,
        cast(catalogue.owned_by as {{ dbt.type_string() }}) as owned_by,
        cast(catalogue.reviewed_on as date) as reviewed_on,
        cast(coalesce(contact_counts.contact_count, 0) as bigint) as contact_count,
        {{ as_of_date() }} as as_of_date

    from catalogue

    left join contact_counts on catalogue.segment_name = contact_counts.segment_name

)

select * from definitions
