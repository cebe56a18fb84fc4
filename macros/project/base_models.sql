{# Every raw table and the base model that judges its rows. #}
{% macro base_models() -%}
    {{- return({
        'raw_contacts': ref('crm_segmentation', 'base_people__contacts'),
        'raw_contact_identifiers': ref('crm_segmentation', 'base_people__contact_identifiers'),
        'raw_orders': ref('crm_segmentation', 'base_commerce__orders'),
        'raw_order_items': ref('crm_segmentation', 'base_commerce__order_items'),
        'raw_products': ref('crm_segmentation', 'base_commerce__products'),
        'raw_events': ref('crm_segmentation', 'base_activity__events'),
        'raw_campaigns': ref('crm_segmentation', 'base_activity__campaigns'),
        'raw_consents': ref('crm_segmentation', 'base_people__consents'),
        'raw_contact_tags': ref('crm_segmentation', 'base_people__contact_tags'),
        'raw_contact_attributes': ref('crm_segmentation', 'base_people__contact_attributes'),
        'raw_experiment_assignments': ref('crm_segmentation', 'base_activity__experiment_assignments'),
        'raw_exchange_rates': ref('crm_segmentation', 'base_commerce__exchange_rates'),
    }) -}}
{%- endmacro %}


{# Every raw table and the model that holds its rejected rows as they arrived. #}
{% macro models_with_raw_values() -%}
    {%- set models = crm_segmentation.base_models() -%}
    {%- do models.update({'raw_orders': ref('crm_segmentation', 'base_commerce__order_rows')}) -%}
    {{- return(models) -}}
{%- endmacro %}


{# The text that arrived, under the names of the contract, as one JSON object with its keys in contract order. The object is
   written out, because no two engines lay one out alike. When the row arrived is not among it. #}
{% macro raw_values_json(raw_table) -%}
    {%- if not execute -%}{{- return("''") -}}{%- endif -%}
    {%- set parts = [] -%}
    {%- for column in crm_segmentation.raw_contract(raw_table).columns.values() if not column.config.meta.is_about_loading -%}
        {%- set text = column.name if column.data_type == 'text' else 'raw_' ~ column.name -%}
        {%- do parts.append("'" ~ ('{' if loop.first else ', ') ~ '"' ~ column.name ~ '": ' ~ "'") -%}
        {%- do parts.append(crm_segmentation.json_text(text)) -%}
    {%- endfor -%}
    {%- do parts.append("'}'") -%}
    {{- dbt.concat(parts) -}}
{%- endmacro %}


{# A key of the person that a raw row is about, or null where the table has none of the columns. #}
{% macro raw_person_key(raw_table, columns, key) -%}
    {%- set contract = crm_segmentation.raw_contract(raw_table) if execute else none -%}
    {%- if contract and columns | reject('in', contract.columns) | list | length == 0 -%}
        {{ key }}
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
