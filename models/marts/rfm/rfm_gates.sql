with

interactions as (

    select * from {{ ref('crm_segmentation', 'int_rfm__interactions') }}

),

customers as (

    select
        contact_id,
        count(*) as interaction_count,
        max({{ days_ago('happened_on') }}) as first_days_ago,
        min({{ days_ago('happened_on') }}) as last_days_ago

    from interactions

    group by contact_id

),

figures as (

    select
        count(*) as customers,
        coalesce(max(first_days_ago), 0) as history_days,
        min(last_days_ago) as last_purchase_days,
        coalesce(max(interaction_count), 0) as purchases_of_one

    from customers

),

gates as (

    {%- for gate, limit in var('rfm_gates').items() %}

    select
        cast('{{ gate }}' as {{ dbt.type_string() }}) as gate,
        cast({{ gate }} as bigint) as figure,
        cast({{ limit }} as bigint) as needed,
        coalesce({{ gate }} {{ '<=' if gate == 'last_purchase_days' else '>=' }} {{ limit }}, false) as is_met,
        {{ as_of_date() }} as as_of_date

    from figures
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from gates
