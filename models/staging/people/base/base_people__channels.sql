with

channel_rules as (

    {{ channel_rule_rows() | indent(4) }}

),

destinations as (

    select * from {{ ref('crm_segmentation', 'destinations') }}

),

channels as (

    select channel from channel_rules

    union distinct

    select cast(channel as {{ dbt.type_string() }}) as channel from destinations

)

select * from channels
